import { randomUUID } from 'node:crypto';
import { EnvironmentNeeds, ExecutionEnvironmentId, HostId, shapeOf, unitsOf } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { mostWanted, planPool, type PoolSituation } from './warm-plan.ts';
import type { WarmEnvironment } from './turn.ts';

const USUAL = EnvironmentNeeds.parse({});
const LARGE = EnvironmentNeeds.parse({ nodes: 3 });
const H1 = HostId.parse('h1');

const warm = (values: Partial<WarmEnvironment> = {}): WarmEnvironment => ({
  id: ExecutionEnvironmentId.parse(randomUUID()),
  hostId: H1,
  units: unitsOf(USUAL),
  shape: shapeOf(USUAL),
  state: 'ready',
  isFresh: true,
  ...values,
});
const nothing = { cpuMillis: 0, memoryMib: 0 };
const room = { id: H1, total: { cpuMillis: 64_000, memoryMib: 65_536 }, used: nothing, sharing: 0, booting: 0, bootSlots: 2 };
const situation = (values: Partial<PoolSituation> = {}): PoolSituation => ({
  hosts: [room],
  environments: 0,
  warm: [],
  maxConcurrentSessions: 50,
  maintenance: { on: false, message: '' },
  size: 2,
  isQueue: false,
  busy: new Set(),
  demand: [{ needs: USUAL, sessions: 5 }],
  ...values,
});

it('fills up one by one to its size, each host for itself', () => {
  const other = { ...room, id: HostId.parse('h2') };
  const now = situation({ hosts: [room, other], warm: [warm(), warm()] });
  expect(planPool(now)).toEqual({ leaving: [], coming: [{ hostId: 'h2', needs: USUAL }] });
  expect(planPool(situation({ warm: [warm()] })).coming).toEqual([{ hostId: H1, needs: USUAL }]);
});

it.for([
  ['somebody waits for a place', { isQueue: true }],
  ['something boots there', { hosts: [{ ...room, booting: 1 }] }],
  ['a session is about to use what it was given, or one came to nothing', { busy: new Set([H1]) }],
  ['there is no room', { hosts: [{ ...room, used: { cpuMillis: 62_000, memoryMib: 0 } }] }],
  ['every place is taken', { environments: 50 }],
  ['nobody has asked for anything', { demand: [] }],
  ['its size is 0', { size: 0 }],
] satisfies [string, Partial<PoolSituation>][])('builds nothing while %s', ([, values]) => {
  expect(planPool(situation(values))).toEqual({ leaving: [], coming: [] });
});

describe('what is there', () => {
  const [first, second] = [warm(), warm()];

  it.for([
    ['in maintenance, all', { maintenance: { on: true, message: 'Later.' } }, [first.id, second.id]],
    ['on a host that takes no sessions, all', { hosts: [] }, [first.id, second.id]],
    ['where the size is smaller now, the youngest', { size: 1 }, [second.id]],
    ['where there is to be no pool, all', { size: 0 }, [first.id, second.id]],
  ] satisfies [string, Partial<PoolSituation>, ExecutionEnvironmentId[]][])('goes: %s', ([, values, leaving]) => {
    expect(planPool(situation({ warm: [first, second], ...values }))).toEqual({ leaving, coming: [] });
  });

  it('goes when it is too old, and is replaced', () => {
    const old = warm({ isFresh: false });
    const next = [{ hostId: H1, needs: USUAL }];
    expect(planPool(situation({ warm: [old, first] }))).toEqual({ leaving: [old.id], coming: next });
    // What is going has been told so.
    expect(planPool(situation({ warm: [warm({ state: 'destroying' }), first] }))).toEqual({ leaving: [], coming: next });
  });
});

it('is made up as sessions are', () => {
  const demand = [
    { needs: USUAL, sessions: 7 },
    { needs: LARGE, sessions: 3 },
  ];
  const shapes: string[] = [];
  for (let n = 0; n < 10; n += 1) shapes.push(shapeOf(mostWanted(demand, shapes) ?? expect.fail()));
  expect(shapes.filter((shape) => shape === shapeOf(USUAL))).toHaveLength(7);
  expect(shapes.slice(0, 2)).toEqual([shapeOf(USUAL), shapeOf(USUAL)]);
});
