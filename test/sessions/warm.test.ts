/** A warm pool on a real host: what was ready is a session's at once, also when those who keep it are killed; and it goes without a trace. */
import { resolve } from 'node:path';
import { EnvironmentSpec, HostView } from '@ckx/contracts';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { ApiClient } from '@ckx/test-support/client';
import { startInstallation, type Installation } from '@ckx/test-support/installation';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { kill, waitForTeardown, workInShell } from './support.ts';

const LAB = 'ckad-mock-01';
const Row = z.object({ id: z.uuid(), state: z.string(), exam_session_id: z.uuid().nullable(), spec: EnvironmentSpec });

let installation: Installation;
let database: DataSource;
beforeAll(async () => {
  installation = await startInstallation({ CKX_LABS: resolve(import.meta.dirname, '../../labs'), WARM_POOL_SIZE: '1' });
  database = await openDatabase((await installation.run()).databaseUrl);
});
afterAll(async () => {
  await database.destroy();
  await installation.stop();
});

const environments = async () => z.array(Row).parse(await database.query('SELECT id, state, exam_session_id, spec FROM environments'));
/** Those that wait for a session, whatever becomes of them. */
const waiting = async (state: string) => (await environments()).filter((row) => row.exam_session_id === null && row.state === state);
const until = (holds: () => Promise<void>) => vi.waitFor(holds, { timeout: 120_000, interval: 200 });
const killed = (...names: string[]) => Promise.all(names.map((name) => kill(name, () => installation.run())));

it('is filled, given away and filled again while host and control worker are killed', { timeout: 400_000 }, async () => {
  const { apiUrl } = await installation.run();
  const first = await ApiClient.register(apiUrl);
  const cold = await first.startSession(LAB);
  await first.waitForState(cold, 'ready', 120_000);
  await first.send('DELETE', `/sessions/${cold}`);
  await waitForTeardown(first, cold);

  await until(async () => expect(await waiting('provisioning')).toHaveLength(1));
  await killed('worker-host', 'worker-control');
  await until(async () => expect(await waiting('ready')).toHaveLength(1));
  const [ready] = await waiting('ready');

  const second = await ApiClient.register(apiUrl);
  const warm = await second.startSession(LAB);
  await second.waitFor(warm, ({ progress }) => progress.some(({ step }) => step === 'terminal'), 60_000);
  await killed('worker-host');
  await second.waitForState(warm, 'ready', 60_000);
  const bound = (await environments()).find(({ exam_session_id }) => exam_session_id === warm);
  expect(bound).toMatchObject({ id: ready?.id, state: 'bound', spec: { bornWarm: true } });
  expect(await workInShell(second, warm, ['kubectl get namespaces -o name && ssh controlplane hostname'])).toMatchObject([
    { exitCode: 0, stdout: expect.stringMatching(/namespace\/harbor[^]*controlplane/) as string },
  ]);

  await until(async () => expect(await waiting('provisioning')).toHaveLength(1));
  await killed('worker-control', 'worker-host');
  await until(async () => expect(await waiting('ready')).toHaveLength(1));
  await second.send('DELETE', `/sessions/${warm}`);
  await waitForTeardown(second, warm);
});

it('is empty once its host is drained: nothing of it is left on the engine or in the records', { timeout: 180_000 }, async () => {
  const { apiUrl, admin, installation: label } = await installation.run();
  if (admin === undefined) throw new Error('npm start makes an administrator.');
  const operator = await ApiClient.login(apiUrl, admin);
  const [host] = await operator.get('/admin/hosts', z.array(HostView));
  expect(await operator.send('POST', `/admin/hosts/${host?.hostId}/drain`, { reason: 'a test' })).toMatchObject({
    body: { state: 'draining' },
  });
  const docker = new Docker();
  const filters = { label: [`ckx.installation=${label}`] };
  await until(async () => {
    expect((await environments()).map(({ state }) => state).filter((state) => state !== 'destroyed')).toEqual([]);
    expect(await docker.listContainers({ all: true, filters })).toEqual([]);
    expect(await docker.listNetworks({ filters })).toEqual([]);
    expect((await docker.listVolumes({ filters })).Volumes).toEqual([]);
    expect(await database.query('SELECT 1 FROM port_allocations')).toEqual([]);
  });
});
