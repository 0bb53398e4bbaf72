/** `ckx` as a process: what it says when it is called wrongly, and when nothing runs. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const launcher = resolve(import.meta.dirname, '../bin/ckx.mjs');
/** Nothing listens on port 9, discard, of a machine that has not gone out of its way. */
const NOWHERE = 'http://127.0.0.1:9';
let folder: string;

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ckx(args: readonly string[], node = process.execPath): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(node, [launcher, ...args], {
      env: { PATH: process.env['PATH'], HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), CKX_API_URL: NOWHERE },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', fail);
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('ckx', { timeout: 30_000 }, () => {
  it('explains itself', async () => {
    const help = await ckx(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    for (const word of ['session', 'labs', 'doctor', 'login', 'ckx session start ckad-mock-01']) expect(help.stdout).toContain(word);
    const exec = await ckx(['session', 'exec', '--help']);
    expect(exec.exitCode).toBe(0);
    expect(exec.stdout).toContain('-- <command>');
  });

  it.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['session', 'start'], "missing required argument 'lab'"],
    [['session', 'start', 'Not A Lab'], 'lower-case letters'],
    [['session', 'status', 'not-an-id'], "'not-an-id' is not the id of a session."],
    [['session', 'exec', 'kubectl', 'get', 'pods'], 'Put -- before the command to run.'],
    [['admin', 'terminate', 'not-an-id', '--reason', 'x'], 'Invalid UUID'],
    [['admin', 'extend', '00000000-0000-4000-8000-000000000000', '--minutes', 'many', '--reason', 'x'], 'minutes'],
    [['admin', 'credit', 'not-an-id', '--minutes', '5', '--reason', 'x'], 'Invalid UUID'],
    [['admin', 'credit', '00000000-0000-4000-8000-000000000000', '--minutes', '0', '--reason', 'x'], 'minutes'],
    [['admin', 'void', '00000000-0000-4000-8000-000000000000'], "required option '--reason <sentence>'"],
    [['admin', 'drain', 'No Host', '--reason', 'x'], 'a host id is lower-case'],
    [['admin', 'resume', '--reason', 'x'], "missing required argument 'host'"],
    [['admin', 'maintenance', 'perhaps'], 'on'],
    [['admin', 'maintenance', 'on'], 'candidates must be told'],
    [['admin', 'extra-time', 'a@example.org', '--percent', '201', '--reason', 'x'], 'percent'],
    [['admin', 'audit', '--target', 'everything'], 'a target is session/<id>'],
    [['buy'], "missing required argument 'pass'"],
    [['buy', 'free_trial'], 'passTypeId'],
    [['admin', 'payments', '--status', 'lost'], 'status'],
    [['admin', 'payments', '--user', 'me'], 'user'],
    [['admin', 'sandbox', 'not-an-id', 'refund', '--reason', 'x'], 'Invalid UUID'],
    [['admin', 'sandbox', '00000000-0000-4000-8000-000000000000', 'give', '--reason', 'x'], 'what'],
    [['session', 'inspect', 'not-an-id'], "'not-an-id' is not the id of a session."],
    [['--api', 'nowhere', 'labs', 'list'], '--api takes an address'],
  ])('called as %j it exits with 2 and says why', async (args, reason) => {
    const outcome = await ckx(args);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain(reason);
  });

  it('makes a lab pack that has nothing to find, and finds what is wrong with one', async () => {
    const pack = join(folder, 'my-lab');
    expect(await ckx(['labs', 'new', pack, '--category', 'CKA', '--type', 'full'])).toMatchObject({ exitCode: 0, stderr: '' });
    const clean = await ckx(['labs', 'lint', pack, '--json']);
    expect([clean.exitCode, JSON.parse(clean.stdout)]).toEqual([0, { root: pack, ok: true, findings: [] }]);
    await rm(join(pack, 'questions/first-steps/solution.sh'));
    const warned = await ckx(['labs', 'lint', pack]);
    expect(warned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('SOLUTION_MISSING') as string });
    await writeFile(join(pack, 'questions/first-steps/checks/text-stored.sh'), 'exit 0\n');
    const wrong = await ckx(['labs', 'lint', pack, '--json']);
    expect(wrong.exitCode).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, findings: [{ code: 'CHECK_CANNOT_FAIL' }, { code: 'SOLUTION_MISSING' }] });
    expect(await ckx(['labs', 'new', pack])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('already') as string });
    expect(await ckx(['labs', 'new', join(folder, 'x'), '--category', 'COOKING'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('says in a sentence with a remedy that nothing runs', async () => {
    expect(await ckx(['labs', 'list'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `CKX does not answer at ${NOWHERE}.\n  → Start it with: npm start (or name another address with --api or CKX_API_URL).\n`,
    });
    const json = await ckx(['session', 'start', 'ckad-mock-01', '--json']);
    expect(json).toMatchObject({ exitCode: 1, stdout: '' });
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'API_UNREACHABLE', message: `CKX does not answer at ${NOWHERE}.` } });
  });

  it('knows that nobody is signed in, without asking anybody', async () => {
    const nobody = await ckx(['whoami']);
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stderr).toContain('Nobody is signed in');
    expect(await ckx(['logout'])).toMatchObject({ exitCode: 0, stdout: 'Nobody was signed in.\n' });
  });

  it('leaves a shell to those who have a terminal', async () => {
    const shell = await ckx(['session', 'shell']);
    expect(shell.exitCode).toBe(1);
    expect(shell.stderr).toContain('ckx session exec');
  });

  it('lints a folder that is no lab pack', async () => {
    const linted = await ckx(['labs', 'lint', folder, '--json']);
    expect(linted.exitCode).toBe(1);
    expect(JSON.parse(linted.stdout)).toMatchObject({ ok: false, root: folder });
  });

  const old = '/usr/bin/node';
  const oldMajor = Number(spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout?.match(/^v(\d+)/)?.[1] ?? 99);
  it.skipIf(oldMajor >= 24)('runs under an older Node as well', async () => {
    const wrong = await ckx(['nonsense'], old);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('unknown command');
    expect(await ckx(['--help'], old)).toEqual(await ckx(['--help']));
  });
});
