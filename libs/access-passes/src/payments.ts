/** What the payment service tells, recorded: each fact once or often, in any order, with one result. */
import { randomUUID } from 'node:crypto';
import { PassId } from '@ckx/contracts';
import type { AccessPassInput, PaidCheckout } from '@ckx/contracts/access-pass';
import { AccessPassEntity, type EntityManager, PassTypeEntity, PaymentEntity, type PaymentRow } from '@ckx/persistence';
import { Not } from 'typeorm';
import { oweReceipt } from './mails.ts';
import { lockPasses } from './passes.ts';
import { restore, revoke } from './revoke.ts';
import { settle } from './settle.ts';

/**
 * Records that the checkout was paid: payment and pass, and the receipt owed, all or nothing. What does not fit what was asked gives no
 * pass.
 *
 * @returns why it was refused, for an administrator to look at (the money is with us); null where it was not.
 */
export async function recordPaid(tx: EntityManager, asked: AccessPassInput, paid: PaidCheckout): Promise<string | null> {
  const known = (await findPayment(tx, asked.passId)) ?? (await insertUnasked(tx, asked));
  const locked = known.userId === null ? null : await lockPasses(tx, known.userId);
  const payment = await lockPayment(tx, known.id);
  if (payment.paidAt !== null) {
    const again = payment.problem !== null || payment.checkoutSessionId === paid.checkoutSessionId;
    return again ? payment.problem : await recordPaidTwice(tx, payment, paid);
  }
  const used = await isUsed(tx, payment, paid);
  const problem = payment.problem ?? (locked === null ? ACCOUNT_GONE : problemOf(payment, asked, paid)) ?? (used ? USED : null);
  const paidAt = new Date(paid.paidAt);
  const ids = { checkoutSessionId: payment.checkoutSessionId ?? paid.checkoutSessionId, paymentIntentId: paid.paymentIntentId };
  await tx.update(PaymentEntity, payment.id, { paidAt, problem, ...(!used && ids) });
  if (problem === null && payment.userId !== null) {
    const { passId: id, userId, passTypeId, priceCents } = payment;
    const { durationHours } = await tx.findOneByOrFail(PassTypeEntity, { id: passTypeId });
    await tx.insert(AccessPassEntity, { id, userId, passTypeId, durationHours, priceCents, source: 'purchase' });
    await oweReceipt(tx, payment, userId, paidAt);
  }
  await follow(tx, { ...payment, paidAt, problem });
  return problem;
}

/** Records that the checkout ended without payment. One that is paid, or will be, stays so. */
export async function recordUnpaid(tx: EntityManager, passId: PassId, why: 'failed' | 'expired'): Promise<void> {
  await tx.update(PaymentEntity, { passId, status: 'open' }, { status: why });
}

/** Records that the money went back, or that it is in dispute: revokes the pass, if there is one by then or later. */
export async function recordReversed(tx: EntityManager, passId: PassId, why: 'refund' | 'dispute', at: Date): Promise<void> {
  await recordFact(tx, passId, (payment) =>
    why === 'refund' ? { refundedAt: earlier(payment.refundedAt, at) } : { disputedAt: later(payment.disputedAt, at) },
  );
}

/** Records that a dispute was won: the pass is what it was. */
export async function recordReinstated(tx: EntityManager, passId: PassId, at: Date): Promise<void> {
  await recordFact(tx, passId, (payment) => ({ reinstatedAt: later(payment.reinstatedAt, at) }));
}

type Fact = Partial<Pick<PaymentRow, 'refundedAt' | 'disputedAt' | 'reinstatedAt'>>;

async function recordFact(tx: EntityManager, passId: PassId, factOf: (payment: PaymentRow) => Fact): Promise<void> {
  const known = await findPayment(tx, passId);
  // A pass that was given has no payment, and nothing that could go back.
  if (known === null) return;
  if (known.userId !== null) await lockPasses(tx, known.userId);
  const payment = await lockPayment(tx, known.id);
  const fact = factOf(payment);
  await tx.update(PaymentEntity, payment.id, fact);
  await follow(tx, { ...payment, ...fact });
}

/** Brings the payment's status, and its pass, to what follows from the facts. */
async function follow(tx: EntityManager, payment: PaymentRow): Promise<void> {
  const { status, revoked } = settle(payment);
  await tx.update(PaymentEntity, payment.id, { status });
  const locked = payment.userId === null ? null : await lockPasses(tx, payment.userId);
  const pass = locked?.passes.find(({ id }) => id === payment.passId);
  if (locked === null || pass === undefined) return;
  // An administrator's decision stands, whatever becomes of the money.
  if (pass.revocation?.why === 'administrator') return;
  if (revoked !== null && pass.revocation?.why !== revoked) await revoke(tx, locked, pass, { why: revoked });
  if (revoked === null && pass.revocation !== null) await restore(tx, locked, pass);
}

const ACCOUNT_GONE = 'The account was deleted before the payment arrived.';
const UNASKED = 'No checkout of ours is on record for this payment.';
const USED = 'The payment was for another pass.';

function problemOf(payment: PaymentRow, asked: AccessPassInput, paid: PaidCheckout): string | null {
  const { priceCents, currency } = payment;
  if (paid.amountCents !== priceCents || paid.currency.toLowerCase() !== currency.toLowerCase()) {
    return `Asked were ${priceCents} ${currency}, paid ${paid.amountCents} ${paid.currency} (in the currency's smallest unit).`;
  }
  if (asked.userId !== payment.userId) return 'The payment names another account than the one that began the checkout.';
  if (asked.passTypeId !== payment.passTypeId) return `Asked was a pass ${payment.passTypeId}, the payment names ${asked.passTypeId}.`;
  if (payment.checkoutSessionId === null || payment.checkoutSessionId === paid.checkoutSessionId) return null;
  return `The checkout is ${payment.checkoutSessionId}, the payment came from ${paid.checkoutSessionId}.`;
}

/** Whether another payment has these ids. */
function isUsed(tx: EntityManager, payment: PaymentRow, { checkoutSessionId, paymentIntentId }: PaidCheckout): Promise<boolean> {
  const another = { id: Not(payment.id) };
  return tx.existsBy(PaymentEntity, [
    { ...another, checkoutSessionId },
    { ...another, paymentIntentId },
  ]);
}

/** A record of a payment that nobody asked for, so that an administrator sees it. */
async function insertUnasked(tx: EntityManager, { passId, userId, passTypeId }: AccessPassInput): Promise<PaymentRow> {
  const { priceCents, currency } = await tx.findOneByOrFail(PassTypeEntity, { id: passTypeId });
  const owner = (await lockPasses(tx, userId)) === null ? null : userId;
  const row = { passId, userId: owner, passTypeId, priceCents, currency, problem: UNASKED };
  await tx.createQueryBuilder().insert().into(PaymentEntity).values(row).orIgnore().execute();
  return tx.findOneByOrFail(PaymentEntity, { passId });
}

/** A payment of its own, of no pass: an administrator sees it, and what becomes of its money does nothing to the pass that was paid before. */
async function recordPaidTwice(tx: EntityManager, before: PaymentRow, paid: PaidCheckout): Promise<string> {
  const { userId, passTypeId, priceCents, currency } = before;
  const { checkoutSessionId, paymentIntentId } = paid;
  const problem = `Paid by the checkout ${before.checkoutSessionId ?? 'unknown'} before, and now by ${checkoutSessionId} as well.`;
  const passId = PassId.parse(randomUUID());
  const row = { passId, userId, passTypeId, priceCents, currency, sandbox: before.sandbox, checkoutSessionId, paymentIntentId, problem };
  const facts = { status: 'refused' as const, paidAt: new Date(paid.paidAt) };
  await tx
    .createQueryBuilder()
    .insert()
    .into(PaymentEntity)
    .values({ ...row, ...facts })
    .orIgnore()
    .execute();
  return problem;
}

function findPayment(tx: EntityManager, passId: PassId): Promise<PaymentRow | null> {
  return tx.findOneBy(PaymentEntity, { passId });
}

function lockPayment(tx: EntityManager, id: string): Promise<PaymentRow> {
  return tx.findOneOrFail(PaymentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

function earlier(known: Date | null, at: Date): Date {
  return known !== null && known < at ? known : at;
}

function later(known: Date | null, at: Date): Date {
  return known !== null && known > at ? known : at;
}
