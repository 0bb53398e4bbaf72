import type { EnvironmentUse, PartUse } from '@ckx/contracts';
import { moment, table } from './output.ts';

const HEAD = ['part', 'container', 'running since', 'restarts', 'CPU', 'memory (MiB)', 'processes', 'disk (MiB)'];

/** Use and limit of each container, `-` where the engine does not say. */
export function describeUse({ executionEnvironmentId, hostId, parts }: EnvironmentUse): string {
  return [`Environment ${executionEnvironmentId} on ${hostId}`, table(HEAD, parts.map(partRow))].join('\n');
}

function partRow({ part, name, running, startedAt, restarts, limits, use }: PartUse): string[] {
  return [
    part,
    name,
    running ? moment(startedAt) : 'stopped',
    String(restarts),
    of(use.cpuMillis, limits.cpuMillis, (millis) => (millis / 1000).toFixed(2)),
    of(use.memoryMib, limits.memoryMib, (mib) => mib.toFixed(0)),
    of(use.processes, limits.processes, String),
    of(use.diskMib, limits.diskMib, (mib) => mib.toFixed(0)),
  ];
}

function of(used: number | null, limit: number | null, show: (value: number) => string): string {
  return `${used === null ? '-' : show(used)} of ${limit === null ? 'no limit' : show(limit)}`;
}
