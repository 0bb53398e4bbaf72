import { describe, expect, it } from 'vitest';
import { spreadOf } from './statistics.ts';

describe('spreadOf', () => {
  it('takes the nearest rank', () => {
    expect(spreadOf([9, 1, 8, 2, 7, 3, 6, 4, 5, 10])).toMatchObject({ p50: 5, p95: 10 });
    expect(spreadOf(Array.from({ length: 100 }, (_, index) => index + 1))).toMatchObject({ p50: 50, p95: 95, p99: 99 });
    expect(spreadOf([3])).toMatchObject({ p50: 3, p95: 3 });
  });

  it('sums up nothing of nothing', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});
