import { table } from '@ckx/cli';
import type { Weights } from '../web/weight.ts';
import { CPU_SLOWDOWN, type WebFigures } from './web.ts';

const AIMS = { scriptBytes: 120_000, interactiveMs: 1_500, layoutShift: 0.001 };

/** The figures as tables, with what they are to be. */
export function describeWeb({ visits, of, first, pages }: WebFigures): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const row = (name: string, figure: keyof typeof of, show: (value: number) => string) => [
    name,
    show(of[figure].p50),
    show(of[figure].p95),
  ];
  const weight = (name: string, { script, style }: Weights) => [
    name,
    kilobytes(script.brotli),
    kilobytes(script.gzip),
    kilobytes(style.brotli),
  ];
  const met = (value: number, aim: number) => (value < aim ? 'met' : 'not met');
  return [
    `${visits} first visits of the landing page, each with nothing kept, the processor ${CPU_SLOWDOWN} times slower`,
    table(
      ['', 'p50', 'p95'],
      [
        row('first paint', 'firstPaintMs', ms),
        row('largest paint', 'largestPaintMs', ms),
        row('interactive', 'interactiveMs', ms),
        row('blocked after the first paint', 'blockedMs', ms),
        row('layout shift', 'layoutShift', (value) => value.toFixed(3)),
        row('script, as it was sent', 'scriptBytes', kilobytes),
        row('requests', 'requests', String),
      ],
    ),
    table(
      ['what is loaded', 'script br', 'gzip', 'style br'],
      [weight('first visit', first), ...[...pages].map(([page, weights]) => weight(`  + ${page.replace(/^src\//, '')}`, weights))],
    ),
    `aims: script under ${kilobytes(AIMS.scriptBytes)} (${met(of.scriptBytes.p95, AIMS.scriptBytes)}), interactive within ${ms(AIMS.interactiveMs)} (${met(of.interactiveMs.p50, AIMS.interactiveMs)}), no layout shift (${met(of.layoutShift.p95, AIMS.layoutShift)})`,
    'The API, Postgres and the browser share this machine; the network between them is loopback. Further pages: what they add to the first visit.',
  ].join('\n\n');
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
