import { z } from 'zod';

const Header = z.looseObject({ version: z.literal(3), term: z.looseObject({ cols: z.int(), rows: z.int() }) });
const Event = z.tuple([z.number().nonnegative(), z.string(), z.string()]);

export interface Asciicast {
  readonly content: Buffer;
  readonly durationMs: number;
  /** It was longer than may be kept: the end is missing. */
  readonly cut: boolean;
}

/**
 * What of a recording is whole: a process that was killed leaves half a line at the end, a disk that was full more. Everything from the first
 * line on that is none of the format is left out.
 *
 * @returns null where there is not even a header.
 */
export function wholeLines(bytes: Buffer): Asciicast | null {
  let end = 0;
  let durationMs = 0;
  let cut = false;
  for (let start = 0; ;) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline === -1) break;
    const line = bytes.toString('utf8', start, newline);
    if (start === 0 && !Header.safeParse(parsed(line)).success) return null;
    if (start > 0 && !line.startsWith('#')) {
      const event = Event.safeParse(parsed(line));
      if (!event.success) break;
      durationMs += event.data[0] * 1_000;
    }
    cut ||= line === '# cut';
    start = newline + 1;
    end = start;
  }
  if (end === 0) return null;
  return { content: bytes.subarray(0, end), durationMs: Math.round(durationMs), cut };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
