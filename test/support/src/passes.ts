/** Rows of passes and payments for tests that need some. */
import { randomUUID } from 'node:crypto';
import { PassId, type UserId } from '@ckx/contracts';
import { AccessPassEntity, type AccessPassRow, type EntityManager, PaymentEntity, type PaymentRow } from '@ckx/persistence';

const HOUR_MS = 3_600_000;

/** A pass of 38 hours that was given and waits. */
export async function insertPass(manager: EntityManager, userId: UserId, values: Partial<AccessPassRow> = {}): Promise<PassId> {
  const id = values.id ?? PassId.parse(randomUUID());
  await manager.insert(AccessPassEntity, {
    id,
    userId,
    passTypeId: '38_hours',
    durationHours: 38,
    priceCents: 0,
    source: 'grant',
    ...values,
  });
  return id;
}

/** A pass that runs from `startsAt` to `expiresAt`, epoch milliseconds; by default one that began an hour ago. */
export function insertRunningPass(
  manager: EntityManager,
  userId: UserId,
  { startsAt = Date.now() - HOUR_MS, expiresAt = startsAt + 38 * HOUR_MS }: { startsAt?: number; expiresAt?: number } = {},
): Promise<PassId> {
  const times = { activatedAt: new Date(startsAt), startsAt: new Date(startsAt), expiresAt: new Date(expiresAt) };
  return insertPass(manager, userId, { status: 'activated', purchasedAt: new Date(startsAt), ...times });
}

/** A checkout of a pass of 38 hours that was begun and is not paid. */
export async function insertPayment(manager: EntityManager, userId: UserId, values: Partial<PaymentRow> = {}): Promise<PassId> {
  const passId = values.passId ?? PassId.parse(randomUUID());
  const checkoutSessionId = `cs_test_${passId}`;
  const row = { passId, userId, passTypeId: '38_hours', priceCents: 499, currency: 'usd', checkoutSessionId } as const;
  await manager.insert(PaymentEntity, { ...row, ...values });
  return passId;
}
