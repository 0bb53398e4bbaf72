import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MATRIX, policiesOf, type Row } from './policies/matrix.ts';
import { apply, World } from './policies/world.ts';
import { openBench, until, type Bench } from './support.ts';

/** Two cores that other tests use as well. */
const BOOT_MS = 150_000;
/** From a change in the API to the packets; a hundredth of it where nobody else works. */
const ENFORCED_MS = 10_000;

let bench: Bench;
let world: World;

beforeAll(async () => {
  bench = await openBench();
  const node = await bench.node();
  await until(node, 'ckx-health steps | grep \'"complete"\'', BOOT_MS);
  world = await World.build(node);
});

afterAll(() => bench[Symbol.asyncDispose]());

const removePolicies = () => world.run('kubectl delete networkpolicies -A --all');

async function set(row: Pick<Row, 'policies'>): Promise<void> {
  await removePolicies();
  const policies = policiesOf(row, (name) => world.address(name));
  if (policies.length > 0) await apply(world.node, policies);
}

describe('who reaches whom', () => {
  it.each(MATRIX)('$title', async (row) => {
    await set(row);
    const probes = [...row.allowed, ...row.denied];
    await expect.poll(() => world.reached(probes), { timeout: ENFORCED_MS, interval: 100 }).toEqual(row.allowed);
    expect(await world.reached(probes)).toEqual(row.allowed);
  });
});
