import { randomBytes } from 'node:crypto';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';
import type { Charge, Checkout, CheckoutRequest, Dispute, PaymentProvider } from '../provider.ts';
import { COLUMNS, newCheckoutId, SandboxCheckout, sandboxId, toCheckout } from './records.ts';

/** Takes the place of Stripe where there is no key: the same questions, answered from Postgres. No money moves. */
export class SandboxProvider implements PaymentProvider {
  readonly kind = 'sandbox';
  readonly livemode = false;
  readonly #dataSource: DataSource;
  readonly #origin: string;

  /** @param origin where browsers find the sandbox's pages. */
  constructor(dataSource: DataSource, origin: string) {
    this.#dataSource = dataSource;
    this.#origin = origin;
  }

  async createCheckout(request: CheckoutRequest): Promise<Checkout> {
    const { paymentId, userId, passTypeId, passId } = request;
    const id = newCheckoutId(randomBytes(24).toString('base64url').replaceAll(/[-_]/g, '0'));
    await this.#dataSource.query(
      `INSERT INTO sandbox_checkouts (id, payment_id, name, description, amount_cents, currency, metadata, success_url, cancel_url)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (payment_id) DO NOTHING`,
      [
        id,
        paymentId,
        request.name,
        request.description,
        request.priceCents,
        request.currency,
        JSON.stringify({ userId, passTypeId, passId }),
        request.successUrl.replace('{CHECKOUT_SESSION_ID}', id),
        request.cancelUrl,
      ],
    );
    const [row] = await this.#find('payment_id = $1', paymentId);
    if (row === undefined) throw new Error(`The checkout of payment ${paymentId} is gone.`);
    return toCheckout(row, this.#origin);
  }

  async retrieveCheckout(id: string): Promise<Checkout | null> {
    const row = await this.read(id);
    return row === null ? null : toCheckout(row, this.#origin);
  }

  async findCheckoutOfIntent(paymentIntentId: string): Promise<Checkout | null> {
    const id = sandboxId(paymentIntentId, 'intent', 'checkout');
    return id === null ? null : this.retrieveCheckout(id);
  }

  async *listCompleted(since: number): AsyncGenerator<Checkout, void, void> {
    for (const row of await this.#find(`status = 'complete' AND created_at >= $1`, new Date(since).toISOString()))
      yield toCheckout(row, this.#origin);
  }

  async retrieveCharge(id: string): Promise<Charge | null> {
    const row = await this.#behind(id, 'charge');
    return row?.paidAt == null ? null : chargeOf(row);
  }

  async retrieveDispute(id: string): Promise<Dispute | null> {
    const row = await this.#behind(id, 'dispute');
    return row?.dispute == null ? null : { status: row.dispute, livemode: false, charge: chargeOf(row) };
  }

  async findDisputeOfIntent(paymentIntentId: string): Promise<Dispute | null> {
    const id = sandboxId(paymentIntentId, 'intent', 'dispute');
    return id === null ? null : this.retrieveDispute(id);
  }

  /** The sandbox's own record, for its pages. */
  async read(id: string): Promise<SandboxCheckout | null> {
    return (await this.#find('id = $1', id))[0] ?? null;
  }

  async #behind(id: string, kind: 'charge' | 'dispute'): Promise<SandboxCheckout | null> {
    const checkoutId = sandboxId(id, kind, 'checkout');
    return checkoutId === null ? null : this.read(checkoutId);
  }

  async #find(condition: string, value: string): Promise<SandboxCheckout[]> {
    return z
      .array(SandboxCheckout)
      .parse(await this.#dataSource.query(`SELECT ${COLUMNS} FROM sandbox_checkouts WHERE ${condition}`, [value]));
  }
}

function chargeOf({ id, refundedAt }: SandboxCheckout): Charge {
  return { paymentIntentId: sandboxId(id, 'checkout', 'intent'), refunded: refundedAt !== null, livemode: false };
}
