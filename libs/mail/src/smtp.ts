import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { MailText } from './texts.ts';

/** All of them together stay well below the time after which another process may take a mail over. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export interface Message extends MailText {
  /** One e-mail address. */
  readonly to: string;
  /** Names the mail in its Message-ID, so that one that was sent twice can be told. */
  readonly id: string;
}

export interface Mailer {
  /** Returns when the server has taken it. @throws what the server or the connection says; see {@link isRefusedForGood}. */
  send(message: Message): Promise<void>;
  close(): void;
}

/** @param url `smtp://user:password@host:587` or `smtps://…`. @param from as `CKX <no-reply@example.org>`. */
export function createMailer(url: string, from: string): Mailer {
  // Neither a file nor an address of the network is ever read into a mail.
  const transport = createTransport({ url, ...TIMEOUTS, disableFileAccess: true, disableUrlAccess: true });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    send: async ({ to, id, subject, text, html, replyTo }) => {
      const headers = { 'Auto-Submitted': 'auto-generated' };
      const answersTo = replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } };
      const messageId = `<${id}@${domain}>`;
      await transport.sendMail({ from, to: { name: '', address: to }, ...answersTo, messageId, subject, text, html, headers });
    },
    close: () => transport.close(),
  };
}

/** True where the server refused this mail and will do so again: its recipient or its content (RFC 5321, 4.2.1), not our credentials. */
export function isRefusedForGood(error: unknown): boolean {
  const { success, data } = Refusal.safeParse(error);
  return success && (data.code === 'EENVELOPE' || data.code === 'EMESSAGE') && data.responseCode >= 500;
}

const Refusal = z.object({ code: z.string(), responseCode: z.int() });
