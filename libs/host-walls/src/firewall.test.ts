import { expect, it } from 'vitest';
import { linesOf, restoreText } from './firewall.ts';

it('reads rules whatever blanks a program prints between their words', () => {
  expect(linesOf('-N A\n-A A -m physdev  --physdev-is-bridged -j RETURN\n\n')).toEqual([
    '-N A',
    '-A A -m physdev --physdev-is-bridged -j RETURN',
  ]);
});

it('writes chains anew, and jumps to the top in their order, taking out those further down', () => {
  const text = restoreText(
    { chains: { MINE: ['-j DROP'] } },
    ['-A INPUT -j ACCEPT', '-A INPUT -i x -j MINE'],
    ['-A INPUT -i x -j MINE', '-A INPUT -i y -j MINE'],
  );
  expect(text.split('\n')).toEqual([
    '*mangle',
    ':MINE - [0:0]',
    '-A MINE -j DROP',
    '-D INPUT -i x -j MINE',
    '-I INPUT 1 -i y -j MINE',
    '-I INPUT 1 -i x -j MINE',
    'COMMIT',
    '',
  ]);
});
