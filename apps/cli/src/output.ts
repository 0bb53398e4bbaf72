/** What people read. Results go to standard output, narration to standard error, so that a script can take the one without the other. */
import { styleText } from 'node:util';

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What is being done, for whoever watches. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

type Tone = 'green' | 'red' | 'yellow' | 'bold' | 'dim';

/** Colour on a terminal, plain text elsewhere and where NO_COLOR is set. */
export function tone(name: Tone, text: string): string {
  return styleText(name, text, { stream: process.stdout });
}

/** Rows under a head, in columns as wide as what they hold. No colours inside: they would count as width. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [tone('bold', line(head)), ...rows.map(line)].join('\n');
}

export function indent(text: string, by = 4): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** `1 h 05 min`, `12 min`, `40 s`. */
export function duration(totalSeconds: number): string {
  const whole = Math.max(0, Math.round(totalSeconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Local date and time, to the second. */
export function moment(iso: string | null): string {
  return iso === null ? '-' : new Date(iso).toLocaleString('sv-SE');
}
