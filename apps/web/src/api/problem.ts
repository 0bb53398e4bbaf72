import type { components } from './schema.gen.ts';

export type Problem = components['schemas']['Problem'];

/** What the API refused, as it said it (RFC 9457). */
export class ApiProblem extends Error {
  readonly problem: Problem;
  /** From `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  /** A fact that the API gave along, where it is a text. */
  fact(name: string): string | undefined {
    const value = this.problem.details?.[name];
    return typeof value === 'string' ? value : undefined;
  }
}

/** No answer came: the network is away, or the server is. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
    this.name = 'Unreachable';
  }
}

/** What came in place of a problem document: a proxy's page, or nothing. */
export function unreadable(status: number): Problem {
  return { type: 'about:blank', title: 'Unreadable answer', status, code: 'ANSWER_UNREADABLE', detail: `The server answered ${status}.` };
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  return 'code' in value && typeof value.code === 'string' && 'detail' in value && typeof value.detail === 'string' && 'status' in value;
}

export const hasCode = (error: unknown, ...codes: string[]): error is ApiProblem =>
  error instanceof ApiProblem && codes.includes(error.code);
