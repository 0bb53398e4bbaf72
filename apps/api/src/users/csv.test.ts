import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('values are quoted where they must be', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,"y"', null],
        [true, -1.5],
      ],
    ),
  ).toBe('a,b\r\n"x,""y""",\r\ntrue,-1.5\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '|cmd', '%0A=1', '=HYPERLINK("http://evil.example","x")'])(
  'a spreadsheet computes nothing of %j',
  (text) => {
    const [, line = ''] = toCsv(['a'], [[text]]).split(/(?<=^a\r\n)/);
    expect(line.replace(/^"/, '')).toMatch(/^'/);
  },
);
