import { inspect } from 'node:util';
import { ConfigError } from '@ckx/config';
import { isCkxError } from '@ckx/contracts';

/**
 * Of what ended a process, what a person needs to mend it; the whole stack only where the error is none of ours. Where clearing up failed after it,
 * the first error comes first: it is the reason, and `inspect` shows neither.
 */
export function sentenceOf(error: unknown): string {
  if (error instanceof SuppressedError) return `${sentenceOf(error.suppressed)}\nThen, while clearing up: ${sentenceOf(error.error)}`;
  if (isCkxError(error)) return [error.message, error.remedy].filter(Boolean).join('\n');
  return error instanceof ConfigError ? error.message : inspect(error);
}
