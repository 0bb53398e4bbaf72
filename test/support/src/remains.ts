import { readdir } from 'node:fs/promises';
import type { ExamSessionId } from '@ckx/contracts';
import Docker from 'dockerode';
import { Client as PgClient } from 'pg';

/** Whatever of a session is left on this machine and in the records, a word each: empty when it is wholly gone. */
export async function remainsOf(databaseUrl: string, examSessionId: ExamSessionId, executionEnvironmentId: string): Promise<string[]> {
  const docker = new Docker();
  const filters = { label: [`ckx.environment=${executionEnvironmentId}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const pg = new PgClient({ connectionString: databaseUrl });
  await pg.connect();
  const ports = await pg
    .query('SELECT kind, port FROM port_allocations WHERE environment_id = $1', [executionEnvironmentId])
    .finally(() => pg.end());
  const folders = (await readdir('/tmp')).filter((name) => name.endsWith(examSessionId));
  return [
    ...containers.map((container) => `container ${container.Names.join()}`),
    ...networks.map((network) => `network ${network.Name}`),
    ...volumes.Volumes.map((volume) => `volume ${volume.Name}`),
    ...ports.rows.map((row) => `port ${JSON.stringify(row)}`),
    ...folders.map((name) => `folder ${name}`),
  ];
}
