export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Template {
  readonly subject: string;
  readonly before: string;
  readonly button: string;
  readonly after: string;
}

const TEMPLATES = {
  verify_email: {
    subject: 'Confirm your e-mail address',
    before: 'Confirm that this is your e-mail address, and you can start your first exam.',
    button: 'Confirm the address',
    after: 'The link is good for 24 hours, once. If you have no account at CKX, somebody mistyped an address; ignore this mail.',
  },
  reset_password: {
    subject: 'Choose a new password',
    before: 'Somebody asked for a new password for your account at CKX.',
    button: 'Choose a new password',
    after: 'The link is good for an hour, once, and signs every device out. If it was not you, ignore this mail: nothing changes.',
  },
} as const satisfies Record<string, Template>;

/** @param name of the person, as the account says: text, whatever is in it. */
export function compose(kind: keyof typeof TEMPLATES, { name, link }: { name: string; link: string }): MailText {
  const { subject, before, button, after } = TEMPLATES[kind];
  const text = `Hello ${name},\n\n${before}\n\n${link}\n\n${after}\n`;
  const html =
    `<!doctype html><html lang="en"><body style="font-family: sans-serif; line-height: 1.5">` +
    `<p>Hello ${escape(name)},</p><p>${before}</p><p><a href="${escape(link)}">${button}</a></p><p>${after}</p></body></html>\n`;
  return { subject, text, html };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
