/** What a candidate is told of their passes by mail: owed in the transaction that makes it true, once per event. */
import { oweMail } from '@ckx/mail';
import { type AccessPassRow, type EntityManager, type PassRevocation, type PaymentRow, PassTypeEntity } from '@ckx/persistence';
import type { PassTypeId, UserId } from '@ckx/contracts';

async function nameOf(tx: EntityManager, id: PassTypeId): Promise<string> {
  return (await tx.findOneByOrFail(PassTypeEntity, { id })).name;
}

export async function oweReceipt(tx: EntityManager, payment: PaymentRow, userId: UserId, paidAt: Date): Promise<void> {
  const { passId, passTypeId, priceCents, currency, sandbox, id: reference } = payment;
  const data = { passName: await nameOf(tx, passTypeId), priceCents, currency, paidAt: paidAt.toISOString(), reference, sandbox };
  await oweMail(tx, { userId, kind: 'receipt', data, eventKey: `receipt/${passId}` });
}

export async function oweActivated(tx: EntityManager, pass: AccessPassRow): Promise<void> {
  const { userId, startsAt, expiresAt } = pass;
  if (startsAt === null || expiresAt === null) return;
  const data = { passName: await nameOf(tx, pass.passTypeId), startsAt: startsAt.toISOString(), expiresAt: expiresAt.toISOString() };
  await oweMail(tx, { userId, kind: 'pass_activated', data, eventKey: `pass_activated/${pass.id}` });
}

/** Of a pass whose end moves after this was told, the new end is an event of its own. */
export async function oweEnd(tx: EntityManager, kind: 'pass_ending' | 'pass_expired', pass: AccessPassRow): Promise<void> {
  const { userId, expiresAt } = pass;
  if (expiresAt === null) return;
  const data = { passName: await nameOf(tx, pass.passTypeId), expiresAt: expiresAt.toISOString() };
  await oweMail(tx, { userId, kind, data, eventKey: `${kind}/${pass.id}/${expiresAt.getTime()}` });
}

export async function oweGranted(tx: EntityManager, { id, userId, passTypeId }: AccessPassRow): Promise<void> {
  await oweMail(tx, { userId, kind: 'pass_granted', data: { passName: await nameOf(tx, passTypeId) }, eventKey: `pass_granted/${id}` });
}

/** @param at when it was revoked: a pass may be revoked, restored and revoked again. */
export async function oweRevoked(tx: EntityManager, pass: AccessPassRow, { why, reason }: PassRevocation, at: Date): Promise<void> {
  const { id, userId, passTypeId } = pass;
  const data = { passName: await nameOf(tx, passTypeId), why, reason: reason ?? null };
  await oweMail(tx, { userId, kind: 'pass_revoked', data, eventKey: `pass_revoked/${id}/${why}/${at.getTime()}` });
}

/** @param revokedAt when it had been revoked. */
export async function oweRestored(tx: EntityManager, { id, userId, passTypeId }: AccessPassRow, revokedAt: Date): Promise<void> {
  const data = { passName: await nameOf(tx, passTypeId) };
  await oweMail(tx, { userId, kind: 'pass_restored', data, eventKey: `pass_restored/${id}/${revokedAt.getTime()}` });
}
