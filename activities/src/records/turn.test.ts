import { randomUUID } from 'node:crypto';
import { ExamSessionId, ExecutionEnvironmentId, HostId, NAMESPACES_PER_NODE, SHARED_NODE_UNITS } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import {
  givingWay,
  MOST_OVERTAKEN,
  nextInQueue,
  turnOf,
  type HostRoom,
  type Situation,
  type Waiter,
  type WarmEnvironment,
} from './turn.ts';

const unit = { cpuMillis: 2_500, memoryMib: 4_608 };
const times = (factor: number) => ({ cpuMillis: unit.cpuMillis * factor, memoryMib: unit.memoryMib * factor });
const waiter = (size = 1, values: Partial<Waiter> = {}): Waiter => ({
  id: ExamSessionId.parse(randomUUID()),
  units: times(size),
  sharesNode: false,
  shape: `${size} nodes`,
  overtaken: 0,
  rehearsal: false,
  ...values,
});
const host = (size: number, used = 0, values: Partial<HostRoom> = {}): HostRoom => ({
  id: HostId.parse(`host-${size}-${used}`),
  total: times(size),
  used: times(used),
  sharing: 0,
  booting: 0,
  bootSlots: 10,
  ...values,
});
const situation = (hosts: HostRoom[], values: Partial<Situation> = {}): Situation => ({
  hosts,
  environments: 0,
  warm: [],
  maxConcurrentSessions: 50,
  maintenance: { on: false, message: '' },
  ...values,
});

describe('turnOf', () => {
  it('takes the host with the most free memory that can start one more', () => {
    const hosts = [host(2), host(4), host(9, 0, { booting: 10 })];
    expect(turnOf(waiter(), [], situation(hosts))).toEqual({ hosts: ['host-4-0', 'host-2-0'], passed: [] });
  });

  it('lets nobody pass one who could be admitted', () => {
    expect(turnOf(waiter(), [waiter(3), waiter()], situation([host(2)]))).toEqual({ reason: 'Others came first.' });
  });

  it('lets one pass whose need is met, unless somebody was overtaken often enough', () => {
    const [large, larger] = [waiter(3), waiter(4, { overtaken: MOST_OVERTAKEN - 1 })];
    const now = situation([host(4, 2)]);
    expect(turnOf(waiter(), [large, larger], now)).toEqual({ hosts: ['host-4-2'], passed: [large.id, larger.id] });
    const patient = { ...large, overtaken: MOST_OVERTAKEN };
    expect(turnOf(waiter(), [larger, patient], now)).toMatchObject({ reason: expect.stringContaining('is next') as string });
  });
});

describe('a session that shares a node', () => {
  const sharer = (values: Partial<Waiter> = {}) =>
    waiter(0, { units: { cpuMillis: 600, memoryMib: 576 }, sharesNode: true, shape: 'namespace', ...values });

  it('takes the node as well where it is the first of its host', () => {
    const { cpuMillis, memoryMib } = SHARED_NODE_UNITS;
    const total = { cpuMillis: cpuMillis + 600, memoryMib: memoryMib + 576 };
    expect(turnOf(sharer(), [], situation([host(0, 0, { total })]))).toMatchObject({ hosts: ['host-0-0'] });
    expect(turnOf(sharer(), [], situation([host(0, 0, { total: { ...total, cpuMillis: total.cpuMillis - 1 } })]))).toEqual({
      reason: 'No host is large enough for this lab at the moment.',
    });
    // The second finds it there, and it is counted among what is used.
    const used = SHARED_NODE_UNITS;
    expect(turnOf(sharer(), [], situation([host(0, 0, { total, used, sharing: 1 })]))).toMatchObject({ hosts: ['host-0-0'] });
    expect(turnOf(sharer(), [], situation([host(0, 0, { total, used })]))).toEqual({ reason: 'The hosts are full.' });
  });

  it('goes where others share one already, and nowhere where there are as many as a node has room for', () => {
    const hosts = [host(9), host(4, 2, { sharing: 1 }), host(5, 2, { sharing: NAMESPACES_PER_NODE })];
    expect(turnOf(sharer(), [], situation(hosts))).toMatchObject({ hosts: ['host-4-2', 'host-9-0'] });
    expect(turnOf(waiter(), [], situation(hosts))).toMatchObject({ hosts: ['host-9-0', 'host-5-2', 'host-4-2'] });
  });
});

const warm = (at: HostRoom, size = 1, values: Partial<WarmEnvironment> = {}): WarmEnvironment => ({
  id: ExecutionEnvironmentId.parse(randomUUID()),
  hostId: at.id,
  units: times(size),
  shape: `${size} nodes`,
  state: 'ready',
  isFresh: true,
  ...values,
});

describe('an environment that is there already', () => {
  it('is a place for a session of its shape, and for no other, however full the host is', () => {
    const full = host(2, 2);
    const [one, other] = [warm(full), warm(full)];
    const now = situation([full], { warm: [one, other], environments: 2, maxConcurrentSessions: 2 });
    expect(turnOf(waiter(), [], now)).toEqual({ hosts: [], warm: [one.id, other.id], passed: [] });
    expect(turnOf(waiter(1, { shape: 'another' }), [], now)).toEqual({ reason: 'All 2 places are taken.' });
  });

  it.for([{ isFresh: false }, { state: 'provisioning' as const }, { state: 'destroying' as const }, { hostId: HostId.parse('draining') }])(
    'is none where it is %o',
    (values) => {
      const full = host(1, 1);
      expect(turnOf(waiter(), [], situation([full], { warm: [warm(full, 1, values)] }))).toEqual({ reason: 'The hosts are full.' });
    },
  );

  it('is nobody’s in maintenance', () => {
    const one = host(2, 1);
    const now = situation([one], { warm: [warm(one)], maintenance: { on: true, message: 'Later.' } });
    expect(turnOf(waiter(), [], now)).toEqual({ reason: 'Maintenance: Later.' });
    expect(givingWay(waiter(), [], now)).toEqual([]);
  });

  it('goes to whoever came first; one who fits nowhere is passed, and that is counted', () => {
    const full = host(3, 3);
    const now = situation([full], { warm: [warm(full)] });
    const [equal, larger] = [waiter(), waiter(3)];
    expect(turnOf(waiter(), [equal], now)).toEqual({ reason: 'Others came first.' });
    expect(turnOf(waiter(), [larger], now)).toMatchObject({ passed: [larger.id] });
    expect(turnOf(waiter(), [{ ...larger, overtaken: MOST_OVERTAKEN }], now)).toMatchObject({ reason: expect.any(String) as string });
  });

  it('gives way to another shape, as few as it takes, those that are not yet built first', () => {
    const full = host(4, 4);
    const [ready, building] = [warm(full), warm(full, 1, { state: 'provisioning' })];
    const now = situation([{ ...full, booting: 1, bootSlots: 1 }], { warm: [ready, building], environments: 4 });
    const other = (size: number) => waiter(size, { shape: 'another' });
    expect(givingWay(other(1), [], now)).toEqual([building.id]);
    expect(givingWay(other(2), [], now)).toEqual([building.id, ready.id]);
    // It would not help: nothing goes.
    expect(givingWay(other(3), [], now)).toEqual([]);
    // Whoever comes first has them make way.
    expect(givingWay(other(1), [other(1)], now)).toEqual([]);
    expect(nextInQueue([other(3), other(2)], now)).not.toBeNull();
  });

  it('does not give way where another is going already', () => {
    const full = host(2, 2);
    const now = situation([full], { warm: [warm(full, 1, { state: 'destroying' }), warm(full)], environments: 2 });
    expect(givingWay(waiter(1, { shape: 'another' }), [], now)).toEqual([]);
  });

  it('gives way where the hosts have room and the installation has no place', () => {
    const [empty, other] = [host(9), host(9, 1)];
    const one = warm(other);
    const now = situation([empty, other], { warm: [one], environments: 3, maxConcurrentSessions: 3 });
    expect(givingWay(waiter(2), [], now)).toEqual([one.id]);
  });
});

/** Repeatable, so that a failure can be looked at. */
function* numbers(seed: number): Generator<number, never, undefined> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

it('holds its promises over random queues and hosts, to the last who waits', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = numbers(seed);
    const upTo = (most: number) => Math.floor(random.next().value * (most + 1));
    const hosts = Array.from({ length: 1 + upTo(2) }, (_, index) => host(1 + upTo(5), 0, { id: HostId.parse(`h${index}`), bootSlots: 3 }));
    const largest = Math.max(...hosts.map(({ total }) => total.memoryMib / unit.memoryMib));
    let queue = Array.from({ length: 12 }, () => waiter(1 + upTo(largest - 1)));
    const arrivals = queue.map(({ id }) => id);
    const running: { host: HostRoom; size: number }[] = [];
    const admitted: ExamSessionId[] = [];
    const now = () =>
      situation(
        hosts.map((one) => {
          const used = running.filter(({ host: { id } }) => id === one.id).reduce((sum, { size }) => sum + size, 0);
          return { ...one, used: times(used) };
        }),
        { environments: running.length, maxConcurrentSessions: 4 },
      );
    for (let step = 0; step < 200 && queue.length > 0; step += 1) {
      const next = nextInQueue(queue, now());
      const may = queue.filter((one, index) => 'hosts' in turnOf(one, queue.slice(0, index), now()));
      // Exactly one has its turn, and it is the one that is told.
      expect(
        may.map(({ id }) => id),
        `seed ${seed}`,
      ).toEqual(next === null ? [] : [next]);
      const one = may[0];
      if (one === undefined) {
        running.splice(upTo(running.length - 1), 1);
        continue;
      }
      const turn = turnOf(one, queue.slice(0, queue.indexOf(one)), now());
      if (!('hosts' in turn)) throw new Error(turn.reason);
      const size = one.units.memoryMib / unit.memoryMib;
      running.push({ host: hosts.find(({ id }) => id === turn.hosts[0]) ?? expect.fail(), size });
      admitted.push(one.id);
      queue = queue
        .filter(({ id }) => id !== one.id)
        .map((other) => (turn.passed.includes(other.id) ? { ...other, overtaken: other.overtaken + 1 } : other));
    }
    // Nobody waits for ever, and nobody saw more than three go first.
    expect(admitted.toSorted(), `seed ${seed}`).toEqual(arrivals.toSorted());
    for (const id of arrivals) {
      const before = admitted.slice(0, admitted.indexOf(id)).filter((other) => arrivals.indexOf(other) > arrivals.indexOf(id));
      expect(before.length, `seed ${seed}`).toBeLessThanOrEqual(MOST_OVERTAKEN);
    }
  }
});
