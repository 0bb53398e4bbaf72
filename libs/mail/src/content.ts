/** What mails there are, and what each needs to know: `mails.kind` and `mails.data`. Nothing secret; a link's secret is computed when it is sent. */
import { z } from 'zod';

/** One line: a subject that is made of it cannot become a header, nor a line of a mail another. */
const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line without control characters');
const at = z.iso.datetime();

function mail<K extends string, S extends z.ZodRawShape>(kind: K, shape: S) {
  return z.object({ kind: z.literal(kind), data: z.object(shape) });
}
/** An id of `account_tokens`. */
const token = { tokenId: z.uuid() };

export const MailContent = z.discriminatedUnion('kind', [
  mail('verify_email', token),
  mail('reset_password', token),
  /** To the new address: it counts once the link was opened. */
  mail('change_email', token),
  /** To the old address, once the new one counts. */
  mail('email_changed', { newEmail: z.email(), at }),
  mail('password_changed', { at }),
  mail('receipt', {
    passName: line(100),
    priceCents: z.int().nonnegative(),
    /** ISO 4217, lower case as Stripe writes it. */
    currency: z.string().regex(/^[a-z]{3}$/),
    paidAt: at,
    /** By which support finds the payment. */
    reference: line(200),
    /** No money moved: paid in the sandbox. */
    sandbox: z.boolean().default(false),
  }),
  /** `startsAt` lies ahead where another pass runs until then. */
  mail('pass_activated', { passName: line(100), startsAt: at, expiresAt: at }),
  /** Two hours before its end. */
  mail('pass_ending', { passName: line(100), expiresAt: at }),
  mail('pass_expired', { passName: line(100), expiresAt: at }),
  /** Given by an administrator. */
  mail('pass_granted', { passName: line(100) }),
  mail('pass_revoked', {
    passName: line(100),
    why: z.enum(['refund', 'dispute', 'administrator']),
    /** An administrator's, for the candidate to read. */
    reason: z.string().max(300).nullable().default(null),
  }),
  /** A dispute was settled. */
  mail('pass_restored', { passName: line(100) }),
  mail('attempt_voided', {
    labTitle: line(200),
    startedAt: at,
    /** For the candidate to read; null where there is nothing to add. */
    reason: z.string().max(300).nullable().default(null),
  }),
  /** By a corrected pack; `reason` is for the candidate to read. */
  mail('attempt_regraded', {
    labTitle: line(200),
    startedAt: at,
    reason: z.string().max(300),
    earlierPercent: z.int(),
    percent: z.int(),
    passed: z.boolean(),
    sessionId: z.uuid(),
  }),
  /** To the operators; an answer goes to `from`. */
  mail('support_request', {
    from: z.email(),
    name: z.string().max(100),
    userId: z.uuid(),
    subject: line(150),
    message: z.string().max(10_000),
    /** Of somebody whose pass says so. */
    priority: z.boolean(),
  }),
]);
export type MailContent = z.output<typeof MailContent>;
export type MailKind = MailContent['kind'];

/** Data of a kind as a caller gives it: what has a default may be left out. */
export type MailData<K extends MailKind> = Extract<z.input<typeof MailContent>, { kind: K }>['data'];

/** Those that carry a link with a token of the account's. */
export type LinkMailKind = 'verify_email' | 'reset_password' | 'change_email';

export function isLinkMail(content: MailContent): content is Extract<MailContent, { kind: LinkMailKind }> {
  return 'tokenId' in content.data;
}
