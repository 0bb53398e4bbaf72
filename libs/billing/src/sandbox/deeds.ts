/** What somebody does at the sandbox, or what befalls a payment there. Each deed and its event are one transaction. */
import { randomUUID } from 'node:crypto';
import { CkxError } from '@ckx/contracts';
import { type DataSource, type EntityManager, inTransaction } from '@ckx/persistence';
import { z } from 'zod';
import { COLUMNS, SandboxCheckout, sandboxId } from './records.ts';

interface Deed {
  readonly when: (row: SandboxCheckout) => boolean;
  readonly set: string;
  readonly event: string;
  readonly about: 'checkout' | 'charge' | 'dispute';
}

const isOpen = ({ status, expiresAt }: SandboxCheckout) => status === 'open' && expiresAt.getTime() > Date.now();
const isUnderWay = ({ status, paymentStatus, bouncedAt }: SandboxCheckout) =>
  status === 'complete' && paymentStatus === 'unpaid' && bouncedAt === null;
const isPaid = ({ paidAt, refundedAt }: SandboxCheckout) => paidAt !== null && refundedAt === null;

const PAID = `status = 'complete', payment_status = 'paid', paid_at = now()`;
const DEEDS = {
  pay: { when: isOpen, set: PAID, event: 'checkout.session.completed', about: 'checkout' },
  /** A delayed payment: completed, and the money on its way. */
  pay_later: { when: isOpen, set: `status = 'complete'`, event: 'checkout.session.completed', about: 'checkout' },
  arrive: { when: isUnderWay, set: PAID, event: 'checkout.session.async_payment_succeeded', about: 'checkout' },
  bounce: { when: isUnderWay, set: 'bounced_at = now()', event: 'checkout.session.async_payment_failed', about: 'checkout' },
  expire: {
    when: ({ status }) => status === 'open',
    set: `status = 'expired', expires_at = least(expires_at, now())`,
    event: 'checkout.session.expired',
    about: 'checkout',
  },
  refund: { when: isPaid, set: 'refunded_at = now()', event: 'charge.refunded', about: 'charge' },
  dispute: {
    when: (row) => isPaid(row) && row.dispute === null,
    set: `dispute = 'needs_response'`,
    event: 'charge.dispute.created',
    about: 'dispute',
  },
  win: { when: ({ dispute }) => dispute === 'needs_response', set: `dispute = 'won'`, event: 'charge.dispute.closed', about: 'dispute' },
  lose: { when: ({ dispute }) => dispute === 'needs_response', set: `dispute = 'lost'`, event: 'charge.dispute.closed', about: 'dispute' },
} as const satisfies Record<string, Deed>;

export const SandboxDeed = z.enum(['pay', 'pay_later', 'arrive', 'bounce', 'expire', 'refund', 'dispute', 'win', 'lose']);
export type SandboxDeed = z.infer<typeof SandboxDeed>;

/** Deeds that are possible now, in the order above. */
export function possibleDeeds(row: SandboxCheckout): SandboxDeed[] {
  return SandboxDeed.options.filter((name) => DEEDS[name].when(row));
}

/**
 * @param audit written with it.
 * @throws CkxError user `SANDBOX_REFUSED` where it is not possible (any more), `CHECKOUT_UNKNOWN`.
 */
export async function doDeed(
  dataSource: DataSource,
  checkoutId: string,
  name: SandboxDeed,
  audit: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await inTransaction(dataSource, async (manager) => {
    const rows: unknown = await manager.query(`SELECT ${COLUMNS} FROM sandbox_checkouts WHERE id = $1 FOR UPDATE`, [checkoutId]);
    const [row] = z.array(SandboxCheckout).parse(rows);
    if (row === undefined) throw new CkxError('user', 'CHECKOUT_UNKNOWN', 'There is no such checkout in the sandbox.');
    const deed: Deed = DEEDS[name];
    if (!deed.when(row)) {
      throw new CkxError('user', 'SANDBOX_REFUSED', `A payment cannot come to that (${name}) as it is now.`, {
        remedy: 'Look at it again: somebody may have been quicker.',
      });
    }
    await manager.query(`UPDATE sandbox_checkouts SET ${deed.set} WHERE id = $1`, [checkoutId]);
    const objectId = sandboxId(checkoutId, 'checkout', deed.about);
    await manager.query(`INSERT INTO sandbox_events (id, checkout_id, type, object_id) VALUES ($1, $2, $3, $4)`, [
      `evt_sandbox_${randomUUID().replaceAll('-', '')}`,
      checkoutId,
      deed.event,
      objectId,
    ]);
    await audit(manager);
  });
}

/** Lets checkouts expire whose time is over. */
export async function expireOverdue(dataSource: DataSource): Promise<void> {
  const rows: unknown = await dataSource.query(`SELECT id FROM sandbox_checkouts WHERE status = 'open' AND expires_at <= now() LIMIT 100`);
  for (const { id } of z.array(z.object({ id: z.string() })).parse(rows)) {
    await doDeed(dataSource, id, 'expire').catch((error: unknown) => {
      // Another copy of the API was quicker.
      if (!(error instanceof CkxError && error.code === 'SANDBOX_REFUSED')) throw error;
    });
  }
}
