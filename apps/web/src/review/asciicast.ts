/** A recording of a terminal: asciicast version 3, https://docs.asciinema.org/manual/asciicast/v3/ */
export interface Cast {
  readonly cols: number;
  readonly rows: number;
  readonly events: readonly CastEvent[];
  readonly durationMs: number;
}

interface CastEvent {
  /** From the beginning. */
  readonly atMs: number;
  readonly kind: 'output' | 'resize';
  /** What was printed, or `COLSxROWS`. */
  readonly data: string;
}

const SMALLEST = 2;
const LARGEST = 500;

/** @param idleMs longer pauses are shortened to this. @returns null for what is no recording. Lines that make no sense are left out. */
export function parseCast(text: string, idleMs = Infinity): Cast | null {
  const [first = '', ...lines] = text.split('\n');
  const size = readHeader(parseJson(first));
  if (size === null) return null;
  const events: CastEvent[] = [];
  let atMs = 0;
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const event = readEvent(parseJson(line));
    if (event === null) continue;
    atMs += Math.min(event.afterMs, idleMs);
    if (event.kind !== null) events.push({ atMs, kind: event.kind, data: event.data });
  }
  return { ...size, events, durationMs: atMs };
}

/** @returns null for what is no size. */
export function readSize(text: string): { cols: number; rows: number } | null {
  const [cols = 0, rows = 0] = text.split('x').map(Number);
  const fits = (value: number) => Number.isInteger(value) && value >= SMALLEST && value <= LARGEST;
  return fits(cols) && fits(rows) ? { cols, rows } : null;
}

function readHeader(value: unknown): { cols: number; rows: number } | null {
  if (!isObject(value) || value['version'] !== 3 || !isObject(value['term'])) return null;
  const { cols, rows } = value['term'];
  return readSize(`${String(cols)}x${String(rows)}`);
}

/** Kinds that are not played, such as input and marks, still take their time. */
function readEvent(value: unknown): { afterMs: number; kind: CastEvent['kind'] | null; data: string } | null {
  if (!Array.isArray(value)) return null;
  const parts: readonly unknown[] = value;
  const [after, code, data] = parts;
  if (typeof after !== 'number' || !(after >= 0) || typeof data !== 'string') return null;
  return { afterMs: after * 1000, kind: code === 'o' ? 'output' : code === 'r' ? 'resize' : null, data };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
