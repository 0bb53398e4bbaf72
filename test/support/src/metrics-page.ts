/** The metrics that docs/operations/metrics.md promises, which tests compare with what is exported. */
import { readFile } from 'node:fs/promises';

const PAGE = new URL('../../../docs/operations/metrics.md', import.meta.url);

export interface PromisedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** By heading of the page, without its `#`. */
export async function promisedMetrics(): Promise<ReadonlyMap<string, readonly PromisedMetric[]>> {
  const sections = (await readFile(PAGE, 'utf8')).split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), rowsOf(section)]));
}

function rowsOf(section: string): PromisedMetric[] {
  return [...section.matchAll(/^\| `(\w+)` +\| (\w+) +\|([^|]*)\|/gm)].map(([, name = '', type = '', labels = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
  }));
}
