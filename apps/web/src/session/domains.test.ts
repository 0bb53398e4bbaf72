import { expect, test } from 'vitest';
import { byDomain } from './domains.ts';

test('domains are summed, weakest first, undecided last', () => {
  const question = (domain: string, earned: number, possible: number) => ({ domain, earned, possible });
  expect(
    byDomain([question('b', 1, 3), question('undecided', 0, 0), question('a', 4, 4), question('b', 1, 1), question('c', 1, 2)]),
  ).toEqual([
    { name: 'b', earned: 2, possible: 4, percent: 50 },
    { name: 'c', earned: 1, possible: 2, percent: 50 },
    { name: 'a', earned: 4, possible: 4, percent: 100 },
    { name: 'undecided', earned: 0, possible: 0, percent: null },
  ]);
});
