import { expect, test } from 'vitest';
import { plainTitle } from './titles.ts';

test.each([
  ['vim  notes.txt', 'vim notes.txt'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['a\u202egnp.exe\u200b\u0007\u001b', 'agnp.exe'],
  ['two\nlines', 'twolines'],
  ['\u2028', ''],
  ['x'.repeat(100), `${'x'.repeat(39)}…`],
  ['👨‍👩‍👧 ok', '👨👩👧 ok'],
])('%j is shown as %j', (title, shown) => {
  expect(plainTitle(title)).toBe(shown);
});
