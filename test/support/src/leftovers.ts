/** Resources on a real engine with CKX's labels, made by hand and not by a provider. */
import { randomInt, randomUUID } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExamSessionId, ExecutionEnvironmentId } from '@ckx/contracts';
import type Docker from 'dockerode';
import { z } from 'zod';

export interface Planted {
  readonly executionEnvironmentId: ExecutionEnvironmentId;
  readonly examSessionId: ExamSessionId;
  readonly subnet: string;
  /** Which of its parts are there still. */
  parts(): Promise<string[]>;
  remove(): Promise<void>;
}

const Image = z.object({ CKX_TERMINAL_IMAGE: z.string().min(1) });

/** A container that runs, a volume in it, a network around it, and the session's folder on the host. */
export async function plant(docker: Docker, installation: string, workDir: string, ids: Partial<Planted> = {}): Promise<Planted> {
  const executionEnvironmentId = ids.executionEnvironmentId ?? ExecutionEnvironmentId.parse(randomUUID());
  const examSessionId = ids.examSessionId ?? ExamSessionId.parse(randomUUID());
  const name = `planted-${executionEnvironmentId}`;
  const folder = join(workDir, `exam-env-${examSessionId}`);
  const subnet = `10.216.${randomInt(256)}.${randomInt(4) * 64}/26`;
  const labels = (part: string) => ({
    'ckx.installation': installation,
    'ckx.environment': executionEnvironmentId,
    'ckx.session': examSessionId,
    'ckx.part': part,
  });
  await docker.createNetwork({ Name: name, Driver: 'bridge', IPAM: { Config: [{ Subnet: subnet }] }, Labels: labels('network') });
  await docker.createVolume({ Name: name, Labels: labels('home') });
  const container = await docker.createContainer({
    name,
    Image: Image.parse(process.env).CKX_TERMINAL_IMAGE,
    Entrypoint: ['sleep', 'infinity'],
    Labels: labels('terminal'),
    HostConfig: { NetworkMode: name, Binds: [`${name}:/home/candidate`] },
  });
  await container.start();
  await mkdir(folder, { recursive: true });

  const filters = { label: [`ckx.environment=${executionEnvironmentId}`] };
  return {
    executionEnvironmentId,
    examSessionId,
    subnet,
    parts: async () => {
      const [containers, networks, { Volumes }] = await Promise.all([
        docker.listContainers({ all: true, filters }),
        docker.listNetworks({ filters }),
        docker.listVolumes({ filters }),
      ]);
      const hasFolder = await access(folder).then(
        () => true,
        () => false,
      );
      return [
        ...containers.map(() => 'container'),
        ...networks.map(() => 'network'),
        ...Volumes.map(() => 'volume'),
        ...(hasFolder ? ['folder'] : []),
      ];
    },
    remove: async () => {
      for (const { Id } of await docker.listContainers({ all: true, filters })) await docker.getContainer(Id).remove({ force: true });
      for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
      for (const { Name } of (await docker.listVolumes({ filters })).Volumes) await docker.getVolume(Name).remove();
    },
  };
}

/** All that was planted. */
export const EVERY_PART = ['container', 'network', 'volume', 'folder'];
