import { expect, test } from 'vitest';
import { formatSpan } from './format.ts';

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [3_600_000, '1:00:00'],
  [86_399_000, '23:59:59'],
  [86_400_000, '1 day 0:00:00'],
  [3 * 86_400_000 + 3_723_000, '3 days 1:02:03'],
])('%i ms are "%s"', (milliseconds, text) => {
  expect(formatSpan(milliseconds)).toBe(text);
});
