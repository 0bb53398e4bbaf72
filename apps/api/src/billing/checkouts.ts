import { type Checkout, noteCheckout, planOf } from '@ckx/billing';
import type { ApiConfig } from '@ckx/config';
import { CheckoutStatusView, type CheckoutView, CkxError, type PassTypeId, PaymentId, PassId, type UserId } from '@ckx/contracts';
import { type DataSource, type EntityManager, inTransaction, PassTypeEntity, type PassTypeRow } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { Payments } from './payments.ts';

/** A checkout is open for a day; one that is offered again has an hour left at least. */
const REUSABLE = `
  SELECT id, pass_id AS "passId", checkout_session_id AS "checkoutSessionId" FROM payments
   WHERE user_id = $1 AND pass_type_id = $2 AND status = 'open' AND sandbox = $3 AND price_cents = $4 AND currency = $5
     AND created_at > now() - interval '23 hours'
   ORDER BY created_at DESC LIMIT 1`;
const INSERT = `
  INSERT INTO payments (pass_id, user_id, pass_type_id, sandbox, price_cents, currency) VALUES ($6, $1, $2, $3, $4, $5)
  RETURNING id, pass_id AS "passId", checkout_session_id AS "checkoutSessionId"`;
const Begun = z.object({ id: PaymentId, passId: PassId, checkoutSessionId: z.string().nullable() });
type Begun = z.infer<typeof Begun>;

const STATUS = `
  SELECT p.checkout_session_id AS "checkoutSessionId", p.status, p.pass_type_id AS "passTypeId", p.price_cents AS "priceCents", p.currency,
         p.sandbox, a.id AS "passId", a.status AS "passStatus", a.expires_at AS "expiresAt"
    FROM payments p LEFT JOIN access_passes a ON a.id = p.pass_id
   WHERE p.checkout_session_id = $1 AND p.user_id = $2`;
const StatusRow = CheckoutStatusView.omit({ pass: true }).extend({
  passId: PassId.nullable(),
  passStatus: CheckoutStatusView.shape.pass.unwrap().shape.status.nullable(),
  expiresAt: z.date().nullable(),
});

/** From the wish for a pass to the page where it is paid, and what became of it by our records. */
@Injectable()
export class Checkouts {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly payments: Payments,
  ) {}

  /**
   * The payment is on record before anybody is asked for money; a checkout of the same candidate for the same pass that is still open is
   * offered again, so that a second click, or a lost answer, does not make a second one.
   *
   * @throws CkxError `PASS_TYPE_UNKNOWN`, `PAYMENTS_NOT_CONFIGURED`, `STRIPE_UNAVAILABLE`.
   */
  async begin(userId: UserId, passTypeId: PassTypeId): Promise<CheckoutView> {
    const type = await this.dataSource.manager.findOneBy(PassTypeEntity, { id: passTypeId, isActive: true });
    if (type === null) {
      throw new CkxError('user', 'PASS_TYPE_UNKNOWN', `Passes ${passTypeId} are not sold.`, { remedy: 'See GET /api/v1/billing/plans.' });
    }
    const known = await this.#record(userId, type, true);
    const checkout = await this.#ask(userId, type, known);
    if (checkout.url !== null) return this.#view(type, checkout, checkout.url);
    // It was paid or has expired, and we have not heard of it yet.
    const fresh = await this.#ask(userId, type, await this.#record(userId, type, false));
    if (fresh.url === null) throw new CkxError('bug', 'CHECKOUT_NOT_OPEN', 'A checkout that was just begun is not open.');
    return this.#view(type, fresh, fresh.url);
  }

  /** @throws CkxError `ACCESS_DENIED`: another's and one that does not exist answer the same. */
  async status(userId: UserId, checkoutSessionId: string): Promise<CheckoutStatusView> {
    const [row] = z.array(StatusRow).parse(await this.dataSource.query(STATUS, [checkoutSessionId, userId]));
    if (row === undefined) {
      throw new CkxError('user', 'ACCESS_DENIED', 'You have no such checkout.', {
        remedy: 'Check the id, and that you are signed in as whoever began it.',
      });
    }
    const { passId, passStatus: status, expiresAt, ...view } = row;
    return { ...view, pass: passId === null || status === null ? null : { passId, status, expiresAt: expiresAt?.toISOString() ?? null } };
  }

  /** The payment's row. Whoever clicks twice at once gets one. */
  #record(userId: UserId, { id, priceCents, currency }: PassTypeRow, mayReuse: boolean): Promise<Begun> {
    const facts = [userId, id, this.payments.provider.kind === 'sandbox', priceCents, currency];
    return inTransaction(this.dataSource, async (tx: EntityManager) => {
      await tx.query(`SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE`, [userId]);
      const [open] = mayReuse ? z.array(Begun).parse(await tx.query(REUSABLE, facts)) : [];
      return open ?? z.tuple([Begun]).parse(await tx.query(INSERT, [...facts, randomUUID()]))[0];
    });
  }

  async #ask(userId: UserId, type: PassTypeRow, { id: paymentId, passId, checkoutSessionId }: Begun): Promise<Checkout> {
    const { provider } = this.payments;
    if (checkoutSessionId !== null) {
      const known = await provider.retrieveCheckout(checkoutSessionId);
      if (known !== null) return known;
    }
    const { origin } = new URL(this.config.APP_URL);
    const { name, description } = planOf(type);
    const { id: passTypeId, priceCents, currency } = type;
    const checkout = await provider.createCheckout({
      ...{ paymentId, passId, userId, passTypeId, name, description, priceCents, currency },
      successUrl: `${origin}/payment/success?session_id={CHECKOUT_SESSION_ID}`,
      cancelUrl: `${origin}/pricing`,
    });
    await noteCheckout(this.dataSource, paymentId, checkout.id);
    return checkout;
  }

  #view({ id: passTypeId, priceCents, currency }: PassTypeRow, checkout: Checkout, url: string): CheckoutView {
    return {
      checkoutSessionId: checkout.id,
      url,
      passTypeId,
      priceCents,
      currency,
      sandbox: this.payments.provider.kind === 'sandbox',
      expiresAt: new Date(checkout.expiresAt).toISOString(),
    };
  }
}
