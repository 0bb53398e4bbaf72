/** Mail: what is owed, and what it says. Its way to an SMTP server is `@ckx/mail/smtp`. */
export { isLinkMail, MailContent, type LinkMailKind, type MailData, type MailKind } from './content.ts';
export { oweMail, type OwedMail } from './outbox.ts';
export { compose, type Address, type MailText } from './texts.ts';
