/** The identity of a session: explicit, complete and well-formed, or refused. */
import { CkxError, SessionIdentity } from '@ckx/contracts';
import { z } from 'zod';

/** What stands for "not given", wherever it comes from: a command line, a header, a query. */
function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function validate<S extends z.ZodObject>(schema: S, input: unknown): z.output<S> {
  const fields = Object.keys(schema.shape);
  const given = z.record(z.string(), z.unknown()).safeParse(input).data ?? {};
  const missing = fields.filter((field) => isMissing(given[field]));
  if (missing.length > 0) {
    throw new CkxError('user', 'IDENTITY_MISSING', `The session's identity is incomplete: ${missing.join(', ')} not given.`, {
      remedy: 'Pass every part of the identity; nothing is taken from context.',
      details: { missing },
    });
  }
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const invalid = [...new Set(result.error.issues.map((issue) => String(issue.path[0])))];
  throw new CkxError('user', 'IDENTITY_INVALID', `The session's identity is malformed: ${invalid.join(', ')} must be a UUID.`, {
    remedy: 'Pass ids as they were given out, whole.',
    details: { invalid },
  });
}

/** The identity of a session before it has an environment. */
export const Ownership = SessionIdentity.omit({ executionEnvironmentId: true });
export type Ownership = z.infer<typeof Ownership>;

/**
 * The whole triple, as every layer passes it on.
 *
 * @throws CkxError user `IDENTITY_MISSING`, user `IDENTITY_INVALID`; both name the parts.
 */
export function validateIdentity(input: unknown): SessionIdentity {
  return validate(SessionIdentity, input);
}

/** User and session alone, for a session that has no environment yet. @throws CkxError as `validateIdentity`. */
export function validateOwnership(input: unknown): Ownership {
  return validate(Ownership, input);
}
