/** The command as an operator runs it on a host whose session has no workflow any more. */
import { EnvironmentEntity, ExamSessionEntity, openDatabase, PortAllocationEntity, type DataSource } from '@ckx/persistence';
import { runCommandFile } from '@ckx/test-support/command';
import { testEngine, type TestEngine } from '@ckx/test-support/engine';
import { EVERY_PART, plant } from '@ckx/test-support/leftovers';
import { insertEnvironment, insertHost, insertSession } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';

let engine: TestEngine;
let database: DataSource;
let env: Record<string, string>;
const cleanup = new AsyncDisposableStack();
beforeAll(async () => {
  engine = cleanup.use(await testEngine());
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  database = await openDatabase(url);
  cleanup.defer(() => database.destroy());
  env = {
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    CKX_INSTALLATION: engine.installation,
    CKX_WORK_DIR: engine.workDir,
    DOCKER_HOST: process.env['DOCKER_HOST'] ?? '',
  };
});
afterAll(() => cleanup.disposeAsync());

it('shows what the engine holds, ends the session and removes it all', async () => {
  const planted = await plant(engine.docker, engine.installation, engine.workDir);
  cleanup.defer(() => planted.remove());
  const { executionEnvironmentId, examSessionId, subnet } = planted;
  const hostId = await insertHost(database.manager);
  await insertSession(database.manager, { id: examSessionId, state: 'ready', sequence: 3 });
  await insertEnvironment(database.manager, { id: executionEnvironmentId, hostId, examSessionId, subnet, state: 'bound' });
  await database.manager.insert(PortAllocationEntity, { hostId, kind: 'vnc', port: 6901, environmentId: executionEnvironmentId });
  const file = new URL('./command.ts', import.meta.url);
  const run = async (verb: string) => {
    const result = await runCommandFile(file, [verb, '--session-id', examSessionId], { ...env, CKX_HOST_ID: hostId });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    return JSON.parse(result.stdout) as unknown;
  };

  const name = `planted-${executionEnvironmentId}`;
  expect(await planted.parts()).toEqual(EVERY_PART);
  expect(await run('status')).toMatchObject({
    session: 'ready',
    environment: { state: 'bound' },
    engine: { containers: [{ name, part: 'terminal', running: true }], networks: [name], volumes: [name] },
  });
  expect(await run('destroy')).toMatchObject({
    session: 'terminated',
    environment: { state: 'destroyed' },
    engine: { containers: [], networks: [], volumes: [] },
  });
  expect(await planted.parts()).toEqual([]);
  expect(await database.manager.findOneByOrFail(ExamSessionEntity, { id: examSessionId })).toMatchObject({
    outcome: 'terminated_by_admin',
  });
  expect(await database.manager.findOneByOrFail(EnvironmentEntity, { id: executionEnvironmentId })).toMatchObject({ state: 'destroyed' });
  expect(await database.manager.count(PortAllocationEntity)).toBe(0);
  // Once more changes nothing.
  expect(await run('destroy')).toMatchObject({ session: 'terminated', environment: { state: 'destroyed' } });
});
