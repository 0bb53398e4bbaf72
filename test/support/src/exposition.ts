/** Prometheus' text format, as far as tests read it. */
export interface Exposition {
  /** Every metric that has a type line, sampled or not: name → counter, gauge, histogram, … */
  readonly types: ReadonlyMap<string, string>;
  /** The value of a sample, whose labels are given in full; undefined where it is not there. */
  readonly value: (name: string, labels?: Record<string, string>) => number | undefined;
}

const TYPE = /^# TYPE (\S+) (\S+)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, type] = TYPE.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types.set(name, type);
    const sample = SAMPLE.exec(line);
    if (sample?.[1] === undefined) continue;
    const labels = [...(sample[2] ?? '').matchAll(LABEL)].map(([, label = '', value = '']): [string, string] => [label, value]);
    samples.set(keyOf(sample[1], labels), Number(sample[3]));
  }
  return { types, value: (name, labels = {}) => samples.get(keyOf(name, Object.entries(labels))) };
}

function keyOf(name: string, labels: [string, string][]): string {
  return JSON.stringify([name, labels.toSorted()]);
}
