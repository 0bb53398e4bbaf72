import { createTransport } from 'nodemailer';
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
  /** Returns when the server has taken it. @throws what the server or the connection says. */
  send(message: Message): Promise<void>;
  close(): void;
}

/** @param url `smtp://user:password@host:587` or `smtps://…`. @param from as `CKX <no-reply@example.org>`. */
export function createMailer(url: string, from: string): Mailer {
  // Neither a file nor an address of the network is ever read into a mail.
  const transport = createTransport({ url, ...TIMEOUTS, disableFileAccess: true, disableUrlAccess: true });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    send: async ({ to, id, subject, text, html }) => {
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await transport.sendMail({ from, to: { name: '', address: to }, messageId: `<${id}@${domain}>`, subject, text, html, headers });
    },
    close: () => transport.close(),
  };
}
