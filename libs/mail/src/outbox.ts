import { CkxError, type UserId } from '@ckx/contracts';
import { MailEntity, UserEntity, type EntityManager } from '@ckx/persistence';
import { MailContent, type MailData, type MailKind } from './content.ts';

export interface OwedMail<K extends MailKind = MailKind> {
  /** Whose mail it is: it goes when the account does. null: nobody's, such as the operators'. */
  readonly userId: UserId | null;
  readonly kind: K;
  readonly data: MailData<K>;
  /** One e-mail address. Where it is left out, the account's at this moment; then nothing is owed where the account is gone. */
  readonly recipient?: string;
  /**
   * Names the event that the mail tells of, such as `receipt/<passId>`: however often that is told, one mail is owed. null: each call owes
   * one.
   */
  readonly eventKey: string | null;
}

/**
 * Owes a mail, in the caller's transaction: it is sent after that is committed, by the API, and again until the server takes it. Without
 * SMTP it stays in the outbox, where `ckx mail show` prints it. For the API and for the control role's activities.
 *
 * @returns whether it is owed by this call: false where the event was told before.
 * @throws CkxError bug `MAIL_MALFORMED` where data or recipient do not fit.
 */
export async function oweMail<K extends MailKind>(manager: EntityManager, mail: OwedMail<K>): Promise<boolean> {
  const { userId, eventKey } = mail;
  const content = MailContent.safeParse({ kind: mail.kind, data: mail.data });
  if (!content.success) throw malformed(mail.kind, content.error);
  const recipient = mail.recipient ?? (await addressOf(manager, userId));
  if (recipient === undefined) return false;
  if (!isAddress(recipient)) throw malformed(mail.kind, new Error('the recipient is not one e-mail address'));
  const { identifiers } = await manager
    .createQueryBuilder()
    .insert()
    .into(MailEntity)
    .values({ userId, recipient, ...content.data, eventKey })
    .orIgnore()
    .returning('id')
    .execute();
  return identifiers.some((identifier) => identifier !== undefined);
}

async function addressOf(manager: EntityManager, userId: UserId | null): Promise<string | undefined> {
  if (userId === null) return undefined;
  return (await manager.findOne(UserEntity, { select: { id: true, email: true }, where: { id: userId } }))?.email;
}

/** Neither a list of addresses nor a line that ends early. */
function isAddress(recipient: string): boolean {
  return /^[^\s,;<>"@]+@[^\s,;<>"@]+$/.test(recipient);
}

function malformed(kind: MailKind, cause: Error): CkxError {
  return new CkxError('bug', 'MAIL_MALFORMED', `A mail of the kind ${kind} cannot be owed like that.`, { cause });
}
