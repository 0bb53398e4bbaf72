import { table } from '@ckx/cli';
import { SIZES, type NodesFigures } from './nodes.ts';

const seconds = (durationMs: number) => `${(durationMs / 1_000).toFixed(1)} s`;

/** The figures as a table, a row for each size of a cluster. */
export function describeNodes(figures: NodesFigures): string {
  const rows = SIZES.map((size) => {
    const { control_plane: api, node_ready: ready, workloads, memoryMib } = figures[size];
    return [String(size), seconds(api.p50), seconds(ready.p50), seconds(ready.p95), seconds(workloads.p50), memoryMib.p50.toFixed(0)];
  });
  return table(['nodes', 'API p50', 'all Ready p50', 'p95', 'DNS p50', 'MiB of all nodes'], rows);
}
