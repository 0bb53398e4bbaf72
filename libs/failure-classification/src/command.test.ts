import { failureOf, runCommandFile } from '@ckx/test-support/command';
import { describe, expect, it } from 'vitest';

const run = (...args: string[]) => runCommandFile(new URL('./command.ts', import.meta.url), ['classify', ...args]);

describe('failure-classification classify', { timeout: 30_000 }, () => {
  it('prints the failure', async () => {
    const context = JSON.stringify({
      step: 'node_ready',
      code: 'PROVISION_TIMEOUT',
      message: 'The environment was not ready within 60 s.',
    });
    const result = await run('--context', context);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({
      type: 'init',
      code: 'PROVISION_TIMEOUT',
      step: 'node_ready',
      reason: 'While waiting for the node: The environment was not ready within 60 s.',
      remedy: 'Start the session again; it counts against nothing.',
    });
  });

  it('follows --type', async () => {
    const result = await run('--type', 'infra', '--context', '{"message":"The host is gone"}');
    expect(JSON.parse(result.stdout)).toMatchObject({ type: 'infra', code: 'INFRA_FAILED', reason: 'The host is gone.' });
  });

  it.each([
    ['a class that is none', ['--type', 'cosmic', '--context', '{}'], /type/],
    ['a context that is not JSON', ['--context', '{x'], /not JSON/],
    ['a context that is no object', ['--context', '[1]'], /context/],
    ['a field that is unknown', ['--context', '{"stepp":"x"}'], /stepp/],
    ['no context', [], /--context/],
  ])('exits with 2 for %s', async (_, args, message) => {
    expect(failureOf(await run(...args))).toMatchObject({
      exitCode: 2,
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message) as string,
    });
  });

  it('helps', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--context <json>') as string });
  });
});
