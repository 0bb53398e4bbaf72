import { expect, test } from 'vitest';
import { compose, MailContent } from './index.ts';

const at = '2026-11-21T13:52:00.000Z';
const tokenId = '00000000-0000-4000-8000-000000000000';
const CONTENTS: Record<MailContent['kind'], object> = {
  verify_email: { tokenId },
  reset_password: { tokenId },
  change_email: { tokenId },
  email_changed: { newEmail: 'new@example.org', at },
  password_changed: { at },
  receipt: { passName: '1 Week Access Pass', priceCents: 1999, currency: 'usd', paidAt: at, reference: 'pi_1' },
  pass_activated: { passName: '1 Week Access Pass', startsAt: at, expiresAt: at },
  pass_ending: { passName: '1 Week Access Pass', expiresAt: at },
  pass_expired: { passName: '1 Week Access Pass', expiresAt: at },
  pass_granted: { passName: '1 Week Access Pass' },
  pass_revoked: { passName: '1 Week Access Pass', why: 'administrator', reason: 'It was <shared>.' },
  pass_restored: { passName: '1 Week Access Pass' },
  attempt_voided: { labTitle: 'CKAD <1>', startedAt: at, reason: 'The host was <lost>.' },
  attempt_regraded: {
    labTitle: 'CKAD <1>',
    startedAt: at,
    reason: 'A check was <wrong>.',
    earlierPercent: 40,
    percent: 70,
    passed: true,
    sessionId: tokenId,
  },
  support_request: {
    from: 'ada@example.org',
    name: 'Ada',
    userId: tokenId,
    subject: 'My <b>lab</b>',
    message: 'It does not\nstart.\n\nWhat now? <script>',
    priority: true,
  },
};
const address = { name: '<img src=x onerror="alert(1)">\r\nBcc: all@example.org & \'Ada\'', appUrl: 'https://exams.example.org' };
const link = 'https://exams.example.org/page#token=a.b';
const written = (kind: string, data: object) => compose(MailContent.parse({ kind, data }), { ...address, link });
/** HTML as a reader sees it. */
const read = (html: string) =>
  html
    .replaceAll(/<br>|<\/p>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const words = (text: string) => text.split(/\s+/).filter(Boolean);

test.each(Object.entries(CONTENTS))('%s says the same in plain text and HTML, and what people wrote is text', (kind, data) => {
  const { subject, text, html } = written(kind, data);
  expect(subject).toMatch(/^[^\p{Cc}]{10,}$/u);
  expect(html).not.toMatch(/<(img|script|b>|lost)/);
  const url = /href="([^"]*)"/.exec(html)?.[1];
  if (url !== undefined) expect(words(text)).toContain(url);
  // The HTML has a label where the text has the address.
  const label = />([^<]*)<\/a>/.exec(html)?.[1] ?? '';
  expect(words(read(html.replace(label, url ?? '')))).toEqual(words(text));
  // A name cannot begin a line of its own.
  expect(text).not.toMatch(/^Bcc/m);
});

test('amounts and times are said for people', () => {
  const { subject, text } = written('receipt', { ...CONTENTS.receipt, sandbox: true });
  expect(subject).toBe('Test receipt: 1 Week Access Pass');
  expect(text.replaceAll('\u00a0', ' ')).toContain('USD 19.99, paid once on 21 November 2026 at 13:52 UTC. Reference: pi_1.');
  expect(text).toContain('No money was paid.');
  expect(written('receipt', CONTENTS.receipt).text).not.toContain('sandbox');
});

test('an answer to a support request goes to whoever wrote it', () => {
  expect(written('support_request', CONTENTS.support_request)).toMatchObject({
    subject: '[priority] Support: My <b>lab</b>',
    replyTo: 'ada@example.org',
  });
});

test.each(['a\r\nBcc: b@example.org', 'a\nb', 'a\u0000b', 'a\u2028b', 'a\u0085b'])('a subject is one line: %j', (subject) => {
  expect(MailContent.safeParse({ kind: 'support_request', data: { ...CONTENTS.support_request, subject } }).success).toBe(false);
});
