import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { describe, expect, it } from 'vitest';

const run = (...args: string[]) => runCommandFile(new URL('./command.ts', import.meta.url), args);
const userId = '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11';
const examSessionId = '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d12';
const executionEnvironmentId = '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d13';

describe('session-identity validate', { timeout: 30_000 }, () => {
  it('prints the identity that it was given', async () => {
    const result = await run('validate', '--user-id', userId, '--session-id', examSessionId);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({ userId, examSessionId });
  });

  it('prints the whole triple', async () => {
    const args = ['--user-id', userId, '--session-id', examSessionId, '--environment-id', executionEnvironmentId];
    const result = await run('validate', ...args);
    expect(JSON.parse(result.stdout)).toEqual({ userId, examSessionId, executionEnvironmentId });
  });

  it('exits with 1 and names the part that is missing, also where it is empty', async () => {
    const missing = { exitCode: 1, code: 'IDENTITY_MISSING', message: expect.stringContaining('examSessionId') as string };
    expect(failureOf(await run('validate', '--user-id', userId))).toMatchObject(missing);
    expect(failureOf(await run('validate', '--user-id', userId, '--session-id', ''))).toMatchObject(missing);
    const environment = await run('validate', '--user-id', userId, '--session-id', examSessionId, '--environment-id', '');
    expect(failureOf(environment)).toMatchObject({
      code: 'IDENTITY_MISSING',
      message: expect.stringContaining('executionEnvironmentId') as string,
    });
  });

  it('exits with 1 and names the part that is malformed', async () => {
    const failure = failureOf(await run('validate', '--user-id', 'root', '--session-id', examSessionId));
    expect(failure).toMatchObject({
      exitCode: 1,
      code: 'IDENTITY_INVALID',
      message: expect.stringMatching(/userId(?!.*examSessionId)/) as string,
    });
  });

  it('exits with 2 when called wrongly, and with 0 when asked for help', async () => {
    expect(failureOf(await run('validate', '--user', userId))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    expect(failureOf(await run('guess'))).toMatchObject({ exitCode: 2, code: 'INVALID_ARGUMENT' });
    const help = await run('validate', '--help');
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('--environment-id');
  });
});
