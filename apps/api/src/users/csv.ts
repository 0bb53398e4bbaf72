/** What a spreadsheet takes for a formula, or for the end of a cell before one (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n|%]/;

/** Comma-separated values by RFC 4180. Text that a spreadsheet would compute is told to be text by an apostrophe before it. */
export function toCsv(head: readonly string[], rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
