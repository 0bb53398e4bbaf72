/** Stripe, by its own client. What it answers is parsed: the version of its API is pinned by the client, its answers are not. */
import { CkxError } from '@ckx/contracts';
import Stripe from 'stripe';
import { z } from 'zod';
import type { Charge, Checkout, CheckoutRequest, PaymentProvider } from './provider.ts';

const TIMEOUT_MS = 10_000;
const NETWORK_RETRIES = 2;
const PAGE = 100;
const WITH_CHARGE = 'payment_intent.latest_charge';

export interface StripeSettings {
  readonly secretKey: string;
  /** In place of Stripe's own address; for tests. */
  readonly apiBase?: string | undefined;
}

const ChargeObject = z
  .object({
    payment_intent: z.union([z.string(), z.object({ id: z.string() })]).nullable(),
    refunded: z.boolean(),
    livemode: z.boolean(),
  })
  .transform(({ payment_intent: intent, refunded, livemode }): Charge => {
    return { paymentIntentId: typeof intent === 'string' ? intent : (intent?.id ?? null), refunded, livemode };
  });

const DisputeObject = z.object({ status: z.string(), livemode: z.boolean(), charge: ChargeObject });

const LatestCharge = z.object({ created: z.int(), refunded: z.boolean().default(false), disputed: z.boolean().default(false) });
const Intent = z.object({ id: z.string(), latest_charge: z.union([z.string(), LatestCharge]).nullish() });

const SessionObject = z
  .object({
    id: z.string(),
    url: z.string().nullish(),
    status: z.string().nullable(),
    payment_status: z.string(),
    amount_total: z.int().nullable(),
    currency: z.string().nullable(),
    client_reference_id: z.string().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
    payment_intent: z.union([z.string(), Intent]).nullish(),
    livemode: z.boolean(),
    created: z.int(),
    expires_at: z.int(),
  })
  .transform((session): Checkout => {
    const intent = typeof session.payment_intent === 'string' ? { id: session.payment_intent } : session.payment_intent;
    const charge = typeof intent?.latest_charge === 'object' ? intent.latest_charge : null;
    return {
      id: session.id,
      url: session.url ?? null,
      status: session.status ?? 'open',
      paymentStatus: session.payment_status,
      amountCents: session.amount_total,
      currency: session.currency,
      clientReferenceId: session.client_reference_id ?? null,
      metadata: session.metadata ?? {},
      paymentIntentId: intent?.id ?? null,
      livemode: session.livemode,
      expiresAt: session.expires_at * 1_000,
      paidAt: session.payment_status === 'paid' ? (charge?.created ?? session.created) * 1_000 : null,
      refunded: charge?.refunded ?? false,
      disputed: charge?.disputed ?? false,
    };
  });

export class StripeProvider implements PaymentProvider {
  readonly kind = 'stripe';
  readonly livemode: boolean;
  readonly #stripe: Stripe;

  constructor({ secretKey, apiBase }: StripeSettings) {
    this.livemode = isLiveKey(secretKey);
    this.#stripe = new Stripe(secretKey, {
      timeout: TIMEOUT_MS,
      maxNetworkRetries: NETWORK_RETRIES,
      telemetry: false,
      ...(apiBase === undefined ? {} : addressOf(new URL(apiBase))),
    });
  }

  async createCheckout(request: CheckoutRequest): Promise<Checkout> {
    const { paymentId, userId, passTypeId, passId, name, description } = request;
    const metadata = { userId, passTypeId, passId };
    const session = await asked(() =>
      this.#stripe.checkout.sessions.create(
        {
          mode: 'payment',
          client_reference_id: paymentId,
          metadata,
          // For whoever looks at a payment in Stripe's own console.
          payment_intent_data: { metadata },
          line_items: [
            {
              quantity: 1,
              price_data: { currency: request.currency, unit_amount: request.priceCents, product_data: { name, description } },
            },
          ],
          // A price in another currency would not be the plan's.
          adaptive_pricing: { enabled: false },
          success_url: request.successUrl,
          cancel_url: request.cancelUrl,
        },
        { idempotencyKey: `ckx-checkout-${paymentId}` },
      ),
    );
    if (session === null) throw new CkxError('bug', 'STRIPE_REFUSED', 'Stripe knows nothing of a checkout that it was asked to begin.');
    return SessionObject.parse(session);
  }

  async retrieveCheckout(id: string): Promise<Checkout | null> {
    return parsed(SessionObject, await asked(() => this.#stripe.checkout.sessions.retrieve(id, { expand: [WITH_CHARGE] })));
  }

  async findCheckoutOfIntent(paymentIntentId: string): Promise<Checkout | null> {
    const found = await asked(() => this.#stripe.checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 }));
    return parsed(SessionObject, found?.data[0] ?? null);
  }

  async *listCompleted(since: number): AsyncGenerator<Checkout, void, void> {
    let startingAfter: string | undefined;
    for (;;) {
      const page = await asked(() =>
        this.#stripe.checkout.sessions.list({
          status: 'complete',
          created: { gte: Math.floor(since / 1_000) },
          limit: PAGE,
          expand: [`data.${WITH_CHARGE}`],
          ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
        }),
      );
      for (const session of page?.data ?? []) yield SessionObject.parse(session);
      startingAfter = page?.data.at(-1)?.id;
      if (page?.has_more !== true || startingAfter === undefined) return;
    }
  }

  async retrieveCharge(id: string): Promise<Charge | null> {
    return parsed(ChargeObject, await asked(() => this.#stripe.charges.retrieve(id)));
  }

  async retrieveDispute(id: string) {
    return parsed(DisputeObject, await asked(() => this.#stripe.disputes.retrieve(id, { expand: ['charge'] })));
  }

  async findDisputeOfIntent(paymentIntentId: string) {
    const found = await asked(() => this.#stripe.disputes.list({ payment_intent: paymentIntentId, limit: 1, expand: ['data.charge'] }));
    return parsed(DisputeObject, found?.data[0] ?? null);
  }
}

/** Whether money moves by this key, whole or restricted. */
export function isLiveKey(secretKey: string): boolean {
  return /^[a-z]+_live_/.test(secretKey);
}

function addressOf({ protocol, hostname, port }: URL): Stripe.StripeConfig {
  const isPlain = protocol === 'http:';
  return { protocol: isPlain ? 'http' : 'https', host: hostname, port: port === '' ? (isPlain ? 80 : 443) : Number(port) };
}

function parsed<S extends z.ZodType>(schema: S, answer: object | null): z.output<S> | null {
  return answer === null ? null : schema.parse(answer);
}

/** @returns null where Stripe knows no such thing. */
async function asked<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (error.statusCode === 404 || error.code === 'resource_missing') return null;
    const { type, code, requestId } = error;
    const details = { type, ...(code === undefined ? {} : { code }), ...(requestId === undefined ? {} : { requestId }) };
    if (error instanceof Stripe.errors.StripeInvalidRequestError) {
      throw new CkxError('bug', 'STRIPE_REFUSED', 'Stripe refused a request as we made it.', { details, cause: error });
    }
    throw new CkxError('operational', 'STRIPE_UNAVAILABLE', 'Stripe does not answer, or not as it should.', {
      remedy: 'Try again in a moment; nothing was paid.',
      details: { ...details, retryAfterSeconds: 5 },
      cause: error,
    });
  }
}
