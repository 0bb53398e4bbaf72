import { table } from '@ckx/cli';
import { describeHeap, kb, type Growth, type RoomFigures } from './room.ts';

const AIMS = { roomScriptBytes: 450_000, longestTaskMs: 100, heapGrowthMib: 2 };

const met = (reached: boolean) => (reached ? 'met' : 'not met');

/** The figures as a table, each beside its aim. */
export function describeRoom({ script, flood, terminals, connections }: RoomFigures): string {
  const rows = [
    ['script of the landing page', kb(script.landing), '', ''],
    ['script that the exam room adds', kb(script.room), `< ${kb(AIMS.roomScriptBytes)}`, met(script.room < AIMS.roomScriptBytes)],
    ['5 MiB shown in', `${flood.seconds.toFixed(1)} s`, '', ''],
    ['longest task meanwhile', `${flood.longestMs.toFixed(0)} ms`, `< ${AIMS.longestTaskMs} ms`, met(flood.longestMs < AIMS.longestTaskMs)],
    ['tasks over 50 ms meanwhile', String(flood.longTasks), '', ''],
    ...growthRows('tabs opened and closed', terminals),
    ...growthRows('connections lost and found, with a desktop', connections),
  ];
  return [
    table(['', 'measured', 'aim', ''], rows),
    'One window of 1280 × 800 in a headless Chromium; servers, terminal, desktop and browser share this machine. Script is compressed as it is sent.',
  ].join('\n\n');
}

function growthRows(name: string, growth: Growth): string[][] {
  const { openings, before, after } = growth;
  return [
    [
      `heap over ${openings} ${name}`,
      describeHeap(growth),
      `< ${AIMS.heapGrowthMib} MiB`,
      met(after.heapMib - before.heapMib < AIMS.heapGrowthMib),
    ],
    ['  elements, listeners', `${before.nodes} → ${after.nodes}, ${before.listeners} → ${after.listeners}`, '', ''],
  ];
}
