/** What the outbox of an API without SMTP holds, read as an administrator does. */
import { MailLetter, MailPage } from '@ckx/contracts';
import type { ApiClient } from '@ckx/test-support/client';

/** The mails to an address, the newest first, as they would be sent. */
export async function mailsTo(admin: ApiClient, recipient: string): Promise<MailLetter[]> {
  const { mails } = await admin.get(`/admin/mails?${new URLSearchParams({ recipient, limit: '200' }).toString()}`, MailPage);
  return Promise.all(mails.map(({ id }) => admin.get(`/admin/mails/${id}`, MailLetter)));
}

/** The token of the newest mail of that kind to the address. */
export async function tokenOf(admin: ApiClient, recipient: string, kind: string): Promise<string> {
  const mail = (await mailsTo(admin, recipient)).find((one) => one.kind === kind);
  const token = /#token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error(`no link in a mail ${kind} to ${recipient}: ${JSON.stringify(mail)}`);
  return token;
}
