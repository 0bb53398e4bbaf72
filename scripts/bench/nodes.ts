/** How long clusters of one, two and three nodes take to boot, without the rest of a session; and what they hold of memory when they have. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentNeeds } from '@ckx/contracts';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { ensureEngine, ensureImages } from '@ckx/toolchain';
import { spreadOf, type Spread } from './statistics.ts';

export const SIZES = [1, 2, 3] as const;
type Size = (typeof SIZES)[number];

const MILESTONES = ['control_plane', 'node_ready', 'workloads'] as const;
type Milestone = (typeof MILESTONES)[number];

/** The rush of a start is over by then. */
const SETTLE_MS = 10_000;

/** From the request for the containers until each milestone, milliseconds; memory of all nodes, MiB. */
export type Boot = Readonly<Record<Milestone, number>> & { readonly memoryMib: number };
export type NodesFigures = Readonly<Record<Size, Readonly<Record<keyof Boot, Spread>>>>;

/** By turns, so that whatever else the machine does falls on all sizes. Leaves nothing behind. */
export async function measureNodes(runs: number, say: (line: string) => void, signal: AbortSignal): Promise<NodesFigures> {
  const started = await ensureEngine({ log: say });
  try {
    const { node, terminal } = await ensureImages({ log: say, dockerHost: started.dockerHost });
    Object.assign(process.env, { DOCKER_HOST: started.dockerHost, CKX_NODE_IMAGE: node, CKX_TERMINAL_IMAGE: terminal });
    await using engine = await testEngine();
    const boots = new Map<Size, Boot[]>(SIZES.map((size) => [size, []]));
    say('warming up: one boot that does not count');
    await boot(engine, 1, signal);
    for (let run = 1; run <= runs; run += 1) {
      for (const size of SIZES) {
        const one = await boot(engine, size, signal);
        boots.get(size)?.push(one);
        say(`run ${run} of ${runs}, ${size} of 3 nodes: all Ready after ${(one.node_ready / 1_000).toFixed(1)} s`);
      }
    }
    const sumUp = (size: Size) => {
      const of = (figure: keyof Boot) => spreadOf((boots.get(size) ?? []).map((one) => one[figure]));
      return {
        control_plane: of('control_plane'),
        node_ready: of('node_ready'),
        workloads: of('workloads'),
        memoryMib: of('memoryMib'),
      };
    };
    return { 1: sumUp(1), 2: sumUp(2), 3: sumUp(3) };
  } finally {
    await started.release();
  }
}

async function boot({ provider }: TestEngine, nodes: Size, signal: AbortSignal): Promise<Boot> {
  const spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ nodes }) };
  const begun = performance.now();
  try {
    await provider.create(spec, { signal });
    const reached = { control_plane: 0, node_ready: 0, workloads: 0 };
    for (const milestone of MILESTONES) {
      await provider.awaitMilestone(spec, milestone, { signal });
      reached[milestone] = performance.now() - begun;
    }
    await sleep(SETTLE_MS, undefined, { signal });
    const [found] = await provider.list();
    const bytes = (found?.containers ?? [])
      .filter(({ part }) => part.startsWith('node'))
      .reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
    return { ...reached, memoryMib: bytes / 2 ** 20 };
  } finally {
    await provider.destroy(spec.executionEnvironmentId);
  }
}
