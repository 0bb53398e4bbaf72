import { SessionStatus } from '@ckx/contracts';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { insertSession } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let database: DataSource;
let env: Record<string, string>;
beforeAll(async () => {
  const { url } = await testPostgres();
  database = await openDatabase(url);
  env = { DATABASE_URL: url };
});
afterAll(() => database.destroy());

const file = new URL('./command.ts', import.meta.url);
const run = (...args: string[]) => runCommandFile(file, ['get', ...args], env);
const UNKNOWN = '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11';

describe('session-status get', () => {
  it('prints the state, and the reason where the session waits', async () => {
    const id = await insertSession(database.manager, { waiting: { place: 1, reason: 'Every host is full.' } });
    const result = await run('--session-id', id);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const status = SessionStatus.parse(JSON.parse(result.stdout));
    expect(status).toMatchObject({ examSessionId: id, state: 'created', waiting: { place: 1, reason: 'Every host is full.' } });
  });

  it('prints the reason where the session has failed', async () => {
    const failure = { type: 'infra', code: 'HOST_SILENT', reason: 'The machine stopped answering.' } as const;
    const id = await insertSession(database.manager, { state: 'failed', failure, endedAt: new Date() });
    expect(JSON.parse((await run('--session-id', id)).stdout)).toMatchObject({ state: 'failed', failure });
  });

  it('exits with 1 where there is no session, or no database', async () => {
    expect(failureOf(await run('--session-id', UNKNOWN))).toMatchObject({ exitCode: 1, code: 'SESSION_UNKNOWN' });
    const unreachable = await runCommandFile(file, ['get', '--session-id', UNKNOWN], { DATABASE_URL: 'postgres://ckx@127.0.0.1:1/ckx' });
    expect(failureOf(unreachable)).toMatchObject({ exitCode: 1, code: 'DATABASE_UNAVAILABLE' });
    const unset = await runCommandFile(file, ['get', '--session-id', UNKNOWN]);
    expect(failureOf(unset)).toMatchObject({ exitCode: 1, code: 'CONFIG_INVALID' });
  });

  it('exits with 2 when called wrongly, and with 0 when asked for help', async () => {
    expect(failureOf(await run('--session-id', 'none'))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    expect(failureOf(await run())).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    expect(await run('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--session-id <id>') as string });
  });
});
