/**
 * The three kinds of error (docs/contributing.md): `user` is answered and never retried, `operational` is retried by rule,
 * `bug` is loud and never retried silently.
 */
export type ErrorKind = 'user' | 'operational' | 'bug';

/** The one error class that crosses layers: a kind, a stable code, a sentence, and what to do about it. */
export class CkxError extends Error {
  readonly kind: ErrorKind;
  /** Stable, UPPER_SNAKE_CASE, for programs. */
  readonly code: string;
  readonly remedy: string | undefined;
  /** Small facts for programs and logs; nothing sensitive. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: { remedy?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CkxError';
    this.kind = kind;
    this.code = code;
    this.remedy = options.remedy;
    this.details = Object.freeze({ ...options.details });
  }
}

export function isCkxError(error: unknown): error is CkxError {
  return error instanceof CkxError;
}
