import type { MailContent, MailKind } from './content.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Whom an answer goes to, where that is not the sender. */
  readonly replyTo?: string;
}

/** A mail before it has a form: paragraphs, and at most one link between them. */
interface Letter {
  readonly subject: string;
  readonly before: readonly string[];
  readonly link?: { readonly label: string; readonly url: string };
  readonly after?: readonly string[];
  readonly replyTo?: string;
}

export interface Address {
  /** The person's name as the account says: text, whatever is in it; empty where it is nobody's. */
  readonly name: string;
  /** Where the application is, without a slash at the end. */
  readonly appUrl: string;
  /** What a mail with a token links to; of no other kind. */
  readonly link?: string;
}

type Data = { readonly [K in MailKind]: Extract<MailContent, { kind: K }>['data'] };
type Content<K extends MailKind> = { readonly [P in K]: { readonly kind: P; readonly data: Data[P] } }[K];
type Writers = { readonly [K in MailKind]: (data: Data[K], address: Address) => Letter };

const NOT_YOU = 'If it was not you, choose a new password at once and write to support.';

const LETTERS: Writers = {
  verify_email: (_, { link = '' }) => ({
    subject: 'Confirm your e-mail address',
    before: ['Confirm that this is your e-mail address, and you can start your first exam.'],
    link: { label: 'Confirm the address', url: link },
    after: ['The link is good for 24 hours, once. If you have no account at CKX, somebody mistyped an address; ignore this mail.'],
  }),
  reset_password: (_, { link = '' }) => ({
    subject: 'Choose a new password',
    before: ['Somebody asked for a new password for your account at CKX.'],
    link: { label: 'Choose a new password', url: link },
    after: ['The link is good for an hour, once, and signs every device out. If it was not you, ignore this mail: nothing changes.'],
  }),
  change_email: (_, { link = '' }) => ({
    subject: 'Confirm your new e-mail address',
    before: ['You asked for this to be the e-mail address of your account at CKX.'],
    link: { label: 'Use this address', url: link },
    after: ['The link is good for 24 hours, once. Until it is opened the old address counts. If it was not you, ignore this mail.'],
  }),
  email_changed: ({ newEmail, at }) => ({
    subject: 'Your e-mail address was changed',
    before: [`The e-mail address of your account at CKX is ${newEmail} since ${moment(at)}.`, 'This address is no longer used.'],
    after: ['If it was not you, write to support at once: whoever has the new address can choose a new password.'],
  }),
  password_changed: ({ at }) => ({
    subject: 'Your password was changed',
    before: [`The password of your account at CKX was changed on ${moment(at)}. Every other device was signed out.`],
    after: [NOT_YOU],
  }),
  receipt: ({ passName, priceCents, currency, paidAt, reference, sandbox }, { appUrl }) => ({
    subject: `${sandbox ? 'Test receipt' : 'Receipt'}: ${passName}`,
    before: [
      ...(sandbox ? ['This was a purchase in the sandbox. No money was paid.'] : ['Thank you for your purchase.']),
      `${passName}: ${money(priceCents, currency)}, paid once on ${moment(paidAt)}. Reference: ${reference}.`,
    ],
    link: { label: 'Open CKX', url: appUrl },
    after: ['Its time begins when you activate it, or with your first full lab. It does not renew itself.'],
  }),
  pass_activated: ({ passName, startsAt, expiresAt }, { appUrl }) => ({
    subject: `Your ${passName} is activated`,
    before: [`Your ${passName} is good from ${moment(startsAt)} until ${moment(expiresAt)}.`],
    link: { label: 'Choose a lab', url: appUrl },
  }),
  pass_ending: ({ passName, expiresAt }, { appUrl }) => ({
    subject: `Two hours left of your ${passName}`,
    before: [`Your ${passName} ends on ${moment(expiresAt)}. A session that you start before then runs to its own end.`],
    link: { label: 'Open CKX', url: appUrl },
  }),
  pass_expired: ({ passName, expiresAt }, { appUrl }) => ({
    subject: `Your ${passName} has ended`,
    before: [`Your ${passName} ended on ${moment(expiresAt)}. Mock labs, your results and your history stay open to you.`],
    link: { label: 'See passes', url: `${appUrl}/pricing` },
  }),
  pass_granted: ({ passName }, { appUrl }) => ({
    subject: `You were given a ${passName}`,
    before: [`An administrator gave you a ${passName}. Its time begins when you activate it, or with your first full lab.`],
    link: { label: 'Choose a lab', url: appUrl },
  }),
  pass_revoked: ({ passName, why, reason }) => ({
    subject: `Your ${passName} was revoked`,
    before: [
      {
        refund: `The payment for your ${passName} was refunded, and so it opens no more labs.`,
        dispute: `The payment for your ${passName} is in dispute. Until that is settled it opens no labs.`,
        administrator: `An administrator revoked your ${passName}: it opens no more labs.`,
      }[why],
      ...(reason === null ? [] : [`Why: ${reason}`]),
      'A session that runs goes on to its end. Mock labs, your results and your history stay open to you.',
    ],
    after: ['If you think this is a mistake, write to support.'],
  }),
  pass_restored: ({ passName }, { appUrl }) => ({
    subject: `Your ${passName} is yours again`,
    before: [
      `The dispute about the payment for your ${passName} was settled. The pass is what it was; where it was active, its time went on meanwhile.`,
    ],
    link: { label: 'Open CKX', url: appUrl },
  }),
  attempt_voided: ({ labTitle, startedAt, reason }, { appUrl }) => ({
    subject: `Your attempt at ${labTitle} does not count`,
    before: [
      `Your attempt at ${labTitle} of ${moment(startedAt)} was made void. It counts against nothing, and the time that it took of a pass is given back.`,
      ...(reason === null ? [] : [`Why: ${reason}`]),
    ],
    link: { label: 'Open CKX', url: appUrl },
  }),
  attempt_regraded: ({ labTitle, startedAt, reason, earlierPercent, percent, passed, sessionId }, { appUrl }) => ({
    subject: `Your attempt at ${labTitle} was graded again`,
    before: [
      `Your attempt at ${labTitle} of ${moment(startedAt)} was graded again, because the lab was corrected. Why: ${reason}`,
      `Your score is ${percent} %${percent === earlierPercent ? ' as before' : `; it was ${earlierPercent} %`}. The attempt has ${passed ? '' : 'not '}passed.`,
    ],
    link: { label: 'See both results', url: `${appUrl}/sessions/${sessionId}` },
  }),
  support_request: ({ from, name, userId, subject, message, priority }) => ({
    subject: `${priority ? '[priority] ' : ''}Support: ${subject}`,
    before: [`${oneLine(name)} <${from}>, account ${userId}, writes:`, ...message.split(/\n{2,}/)],
    after: ['An answer to this mail goes to the candidate.'],
    replyTo: from,
  }),
};

/** A mail as it is sent: the same in plain text and in HTML. */
export function compose(content: MailContent, address: Address): MailText {
  const { subject, before, link, after = [], replyTo } = letterOf(content, address);
  const greeting = content.kind === 'support_request' ? [] : [address.name === '' ? 'Hello,' : `Hello ${oneLine(address.name)},`];
  const head = [...greeting, ...before];
  const text = [...head, ...(link === undefined ? [] : [link.url]), ...after].join('\n\n');
  const button = link === undefined ? '' : `<p><a href="${escape(link.url)}">${escape(link.label)}</a></p>`;
  const html =
    `<!doctype html><html lang="en"><body style="font-family: sans-serif; line-height: 1.5">` +
    `${head.map(paragraph).join('')}${button}${after.map(paragraph).join('')}</body></html>\n`;
  // A word that is encoded (RFC 2047) by whoever wrote it would be decoded by the reader's program, line breaks and all.
  return { subject: oneLine(subject).replaceAll('=?', '= ?'), text: `${text}\n`, html, ...(replyTo === undefined ? {} : { replyTo }) };
}

function letterOf<K extends MailKind>(content: Content<K>, address: Address): Letter {
  return LETTERS[content.kind](content.data, address);
}

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const moment = (iso: string): string => `${MOMENT.format(new Date(iso))} UTC`;

function money(cents: number, currency: string): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency, currencyDisplay: 'code' }).format(cents / 100);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

const paragraph = (text: string): string => `<p>${escape(text).replaceAll('\n', '<br>')}</p>`;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
