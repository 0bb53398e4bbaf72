import { stripVTControlCharacters } from 'node:util';
import { EVIDENCE_LIMIT } from '@ckx/contracts';

/**
 * What a check printed, in a form that can be stored and shown: standard output, then standard error, without colours and control
 * characters (Postgres' text holds no NUL), with the middle cut out where it is longer than the limit.
 *
 * @param limit longest result, in UTF-16 code units; at least 64.
 */
export function trimEvidence(stdout: string, stderr: string, limit: number = EVIDENCE_LIMIT): string {
  const text = [clean(stdout), clean(stderr)].filter(Boolean).join('\n');
  if (text.length <= limit) return text;
  const marker = (cut: number) => `\n[… ${cut} characters left out …]\n`;
  const kept = limit - marker(text.length).length;
  const head = text.slice(0, Math.ceil(kept / 2));
  const tail = text.slice(text.length - Math.floor(kept / 2));
  return `${withoutHalfAtEnd(head)}${marker(text.length - kept)}${withoutHalfAtStart(tail)}`;
}

function clean(output: string): string {
  const printable = stripVTControlCharacters(output.replaceAll('\r\n', '\n')).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  return printable.toWellFormed().trimEnd();
}

/** A cut may go through the middle of a character outside the basic plane; half of one is not text. */
function withoutHalfAtEnd(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

function withoutHalfAtStart(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, '');
}
