import { table } from '@ckx/cli';
import { ENDPOINTS, type ApiFigures } from './api.ts';

/** The figures as a table, each beside bare Nest. */
export function describeApi({ connections, seconds, of }: ApiFigures): string {
  const bare = of['bare Nest'];
  const rows = ENDPOINTS.map((name) => {
    const { perSecond, ms } = of[name];
    return [
      name,
      perSecond.toFixed(0),
      `${ms.p50.toFixed(1)} ms`,
      `${ms.p99.toFixed(1)} ms`,
      (perSecond / bare.perSecond).toFixed(3),
      (ms.p99 / bare.ms.p99).toFixed(1),
    ];
  });
  return [
    table(['', 'requests/s', 'p50', 'p99', 'requests/s of bare Nest', 'p99 of bare Nest'], rows),
    `${connections} connections, each asks again as soon as it has its answer; ${seconds} s of each, by turns; one copy of the API. Who asks, ` +
      'Postgres and Temporal share this machine. Login is one memory-hard password hash.',
  ].join('\n\n');
}
