import { describe, expect, test } from 'vitest';
import { ServerClock, warningAt } from './clock.ts';

const T0 = Date.parse('2026-11-21T10:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();

function clockAt() {
  const state = { ms: 1000 };
  const clock = new ServerClock(() => state.ms);
  /** An answer that took `roundTrip`, whose server time was read in its middle unless said otherwise. */
  const ask = (serverNow: number, roundTrip: number) => {
    const mark = clock.mark();
    state.ms += roundTrip;
    clock.learn(iso(serverNow), mark);
  };
  return { clock, state, ask };
}

describe('the server’s clock', () => {
  test('is not known before an answer', () => {
    expect(new ServerClock().now()).toBeNull();
  });

  test('goes on between answers', () => {
    const { clock, state, ask } = clockAt();
    ask(T0, 100);
    expect(clock.now()).toBe(T0 + 50);
    state.ms += 60_000;
    expect(clock.now()).toBe(T0 + 60_050);
  });

  test('a slow answer does not spoil what a quick one told', () => {
    const { clock, ask } = clockAt();
    ask(T0, 20);
    const before = clock.now() ?? 0;
    // Two seconds under way, its time read at the very end: taken by itself it would be a second off.
    ask(before + 2000, 2000);
    expect(clock.now()).toBe(before + 2000);
  });

  test('a quicker answer corrects a slow one', () => {
    const { clock, ask } = clockAt();
    ask(T0, 4000);
    ask(T0 + 5000, 10);
    expect(clock.now()).toBe(T0 + 5005);
  });

  test('a computer that slept is set right by the next answer, however slow', () => {
    const { clock, ask } = clockAt();
    ask(T0, 10);
    ask(T0 + 3_600_000, 3000);
    expect(clock.now()).toBe(T0 + 3_601_500);
  });
});

describe('warnings', () => {
  const HOUR = 60 * 60_000;
  test.each([
    [31, null],
    [30.001, null],
    [30, 30],
    [10.5, 30],
    [10, 10],
    [5, 5],
    [0, 5],
    [-1, 5],
  ])('%d minutes left: %s', (minutes, warning) => {
    expect(warningAt(minutes * 60_000, HOUR)).toBe(warning);
  });

  test('time that is given takes a warning back', () => {
    expect(warningAt(4 * 60_000, HOUR)).toBe(5);
    expect(warningAt(14 * 60_000, HOUR)).toBe(30);
  });

  test('an exam of half an hour does not begin with a warning', () => {
    expect(warningAt(30 * 60_000, 30 * 60_000)).toBeNull();
    expect(warningAt(10 * 60_000, 30 * 60_000)).toBe(10);
  });
});
