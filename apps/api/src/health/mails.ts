/** The outbox of mails among the numbers of the moment. */
import { z } from 'zod';

export const MailSnapshot = z.object({
  /** Mails that are neither sent nor given up. */
  owed: z.number(),
  /** Age of the oldest of them; 0 where there is none. */
  oldestAgeSeconds: z.number(),
});
type MailSnapshot = z.infer<typeof MailSnapshot>;

/** A part of the one statement that reads the snapshot. */
export const MAIL_SQL = `(
  SELECT jsonb_build_object('owed', count(*), 'oldestAgeSeconds', coalesce(max(extract(epoch FROM now() - created_at)), 0))
  FROM mails WHERE sent_at IS NULL AND given_up_at IS NULL)`;

/** Name, help. */
export const MAIL_GAUGES = [
  ['ckx_mails_owed', 'Mails that are neither sent nor given up; missing where no SMTP is configured.'],
  [
    'ckx_mail_oldest_owed_age_seconds',
    'Age of the oldest mail that is neither sent nor given up; 0 where there is none, missing where no SMTP is configured.',
  ],
] as const;

export function showMails(
  { owed, oldestAgeSeconds }: MailSnapshot,
  set: (name: (typeof MAIL_GAUGES)[number][0], value: number) => void,
): void {
  set('ckx_mails_owed', owed);
  set('ckx_mail_oldest_owed_age_seconds', oldestAgeSeconds);
}
