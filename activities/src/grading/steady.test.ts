import { CheckId, EnvironmentSpec, type Verdict } from '@ckx/contracts';
import type { ExecResult } from '@ckx/execution-environment';
import type { PackCheck } from '@ckx/lab-packs';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { runSteadily } from './steady.ts';

const spec = EnvironmentSpec.parse({
  userId: randomUUID(),
  examSessionId: randomUUID(),
  executionEnvironmentId: randomUUID(),
  hostId: 'host-of-test',
  needs: { cluster: 'dedicated' },
  subnet: '10.213.0.0/26',
  ports: { vnc: 1, sshTerminal: 2, sshJumphost: 3, k8sApi: 4 },
});
const check = (id: string): PackCheck => {
  const shared = { description: id, weight: 1, fault: null, timeoutMs: 1_000, serial: false, digest: null };
  return { id: CheckId.parse(id), script: { path: `checks/${id}.sh` }, ...shared };
};

/** @param looks what is seen before and after each round, the last for ever. @param exits of each check, one run after the other, the last for ever. */
async function verdicts(looks: readonly string[], exits: Readonly<Record<string, readonly number[]>>) {
  const ran: string[] = [];
  const next = <T>(row: readonly T[], done: number): T | undefined => row[Math.min(done, row.length - 1)];
  let looked = 0;
  const answer = (exitCode: number, stdout = ''): Promise<ExecResult> =>
    Promise.resolve({ exitCode, stdout, stderr: '', droppedBytes: 0, timedOut: false, durationMs: 1 });
  const exec = (_spec: EnvironmentSpec, _role: string, { command }: { readonly command: readonly string[] }) => {
    if (command.includes('ckx-look')) return answer(0, next(looks, looked++));
    const id = /checks\/(\w+)\.sh$/.exec(command.at(-1) ?? '')?.[1] ?? '';
    const before = ran.filter((one) => one === id).length;
    ran.push(id);
    return answer(next(exits[id] ?? [0], before) ?? 0);
  };
  const place = { provider: { exec }, spec, role: 'grader', signal: new AbortController().signal } as const;
  const results = await runSteadily(
    place,
    Object.keys(exits).map(check),
    () => undefined,
    () => undefined,
  );
  return { verdicts: results.map(({ verdict }): Verdict => verdict), ran };
}

const QUIET = 'memory 0\ncluster one\n';

it('asks each check once where nothing happened', async () => {
  expect(await verdicts([QUIET], { a: [0], b: [1] })).toEqual({ verdicts: ['passed', 'failed'], ran: ['a', 'b'] });
});

it('asks what could not be decided once more, and leaves it at that', async () => {
  expect(await verdicts([QUIET], { a: [75, 0], b: [137, 137, 0] })).toEqual({ verdicts: ['passed', 'errored'], ran: ['a', 'b', 'a', 'b'] });
});

it.each([
  ['a process was killed for memory', 'memory 1\ncluster one\n'],
  ['another start of the API server answers, or a node was called lost', 'memory 0\ncluster two\n'],
])('believes nobody where %s: all run again', async (_, after) => {
  const found = await verdicts([QUIET, after, after, after], { a: [1, 0], b: [0, 1] });
  expect(found).toEqual({ verdicts: ['passed', 'failed'], ran: ['a', 'b', 'a', 'b'] });
});

it('waits for an API server that is away', async () => {
  const found = await verdicts([QUIET, 'memory 0\n', QUIET], { a: [1, 0] });
  expect(found).toEqual({ verdicts: ['passed'], ran: ['a', 'a'] });
});

it('believes the first answers where an API server that went away does not come back', async () => {
  expect(await verdicts([QUIET, 'memory 0\n'], { a: [75, 0] })).toEqual({ verdicts: ['errored'], ran: ['a'] });
});

it('ends where things do not come to rest', async () => {
  let kills = 0;
  const looks = Array.from({ length: 20 }, () => `memory ${kills++}\ncluster one\n`);
  expect(await verdicts(looks, { a: [1] })).toEqual({ verdicts: ['failed'], ran: ['a', 'a', 'a'] });
});
