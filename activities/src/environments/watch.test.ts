import { EnvironmentSpec, type LastLook, type WatchReport } from '@ckx/contracts';
import type { WatchOptions } from '@ckx/execution-environment';
import { beforeEach, expect, it } from 'vitest';
import { watch, type OwnLooks } from './watch.ts';

const spec = EnvironmentSpec.parse({
  userId: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11',
  examSessionId: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d12',
  executionEnvironmentId: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d13',
  hostId: 'host',
  needs: {},
  subnet: '10.213.0.0/26',
  ports: { vnc: 1, sshTerminal: 2, sshJumphost: 3, k8sApi: 4 },
});
const look = (atMs: number): LastLook => ({ atMs, startedAt: { node: String(atMs) } });
const report: WatchReport = { finding: { kind: 'down', part: 'node', reason: 'a test' }, seen: look(9) };

let ownLooks: OwnLooks;
let progress: unknown[];
beforeEach(() => {
  ownLooks = new Map();
  progress = [];
});

/** One attempt of the activity. @returns from which look it went on. */
async function attempt(requested: LastLook, lastProgress: unknown, looks: readonly LastLook[] = [], end = () => Promise.resolve(report)) {
  let from: LastLook | undefined;
  const provider = {
    watch: (_: EnvironmentSpec, { seen, onLook }: WatchOptions) => {
      from = seen;
      looks.forEach(onLook);
      return end();
    },
  };
  const attendance = { signal: new AbortController().signal, onProgress: (detail: unknown) => progress.push(detail), lastProgress };
  await watch({ provider, ownLooks }, { spec, seen: requested }, attendance).catch(() => undefined);
  return from;
}

it('goes on from the last look that anybody made: as asked, by the heartbeat of a killed attempt, or by its own', async () => {
  expect(await attempt(look(5), undefined)).toEqual(look(5));
  expect(await attempt(look(5), look(7))).toEqual(look(7));
  expect(await attempt(look(5), look(3))).toEqual(look(5));
  expect(await attempt(look(5), 'no look at all')).toEqual(look(5));
});

it('takes what this process saw while Temporal was away for no gap', async () => {
  // The attempt was given up by a server that heard nothing of these looks.
  await attempt(look(1), undefined, [look(2), look(60)], () => Promise.reject(new Error('cancelled')));
  expect(progress).toEqual([look(2), look(60)]);
  expect(await attempt(look(1), look(2))).toEqual(look(60));
});

it('forgets what it saw when the watch came back: what it told then counts', async () => {
  await attempt(look(1), undefined, [look(60)]);
  expect(await attempt(look(2), undefined)).toEqual(look(2));
});
