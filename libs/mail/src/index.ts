/** Mail: what it says, and its way to an SMTP server. */
export { createMailer, type Mailer, type Message } from './mailer.ts';
export { compose, type MailText } from './texts.ts';
