/** Every call of ours, by Stripe's own client, to Stripe's own mock: it knows the API's description, and refuses what does not fit it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { StripeProvider } from '@ckx/billing';
import { PassId, PaymentId, UserId } from '@ckx/contracts';
import { freePort, resolveTool } from '@ckx/toolchain';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ID = '00000000-0000-4000-8000-000000000000';
const REQUEST = {
  paymentId: PaymentId.parse(ID),
  passId: PassId.parse(ID),
  userId: UserId.parse(ID),
  passTypeId: '1_week',
  name: '1 Week Access Pass',
  description: 'All full labs for 7 days from activation. Paid once; nothing renews.',
  priceCents: 1999,
  currency: 'usd',
  successUrl: 'https://exams.example.org/payment/success?session_id={CHECKOUT_SESSION_ID}',
  cancelUrl: 'https://exams.example.org/pricing',
} as const;

let mock: ChildProcess;
let apiBase: string;
let provider: StripeProvider;
beforeAll(async () => {
  const { path } = await resolveTool('stripe-mock', () => undefined);
  const port = await freePort();
  apiBase = `http://127.0.0.1:${port}`;
  mock = spawn(path, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' });
  const end = Date.now() + 20_000;
  while (
    !(await fetch(apiBase).then(
      () => true,
      () => false,
    ))
  ) {
    if (Date.now() > end) throw new Error('stripe-mock does not answer');
    await sleep(50);
  }
  provider = new StripeProvider({ secretKey: 'sk_test_123', apiBase });
}, 600_000);
afterAll(async () => {
  mock.kill();
  await once(mock, 'exit');
});

describe('asks in a form that Stripe understands, and understands the answer, when', () => {
  it('it begins a checkout', async () => {
    expect(await provider.createCheckout(REQUEST)).toMatchObject({ id: expect.stringMatching(/^cs_/) as string, livemode: false });
  });

  it('it asks for one', async () => {
    expect(await provider.retrieveCheckout('cs_test_1')).toMatchObject({ status: expect.any(String) as string });
  });

  it('it looks for the one that a payment came from', async () => {
    expect(await provider.findCheckoutOfIntent('pi_1')).not.toBeNull();
  });

  it('it lists those that were completed', async () => {
    let found = 0;
    for await (const { id } of provider.listCompleted(Date.now() - 1_000)) found += id === '' ? 0 : 1;
    expect(found).toBeGreaterThan(0);
  });

  it('it asks for a charge', async () => {
    expect(await provider.retrieveCharge('ch_1')).toMatchObject({ refunded: expect.any(Boolean) as boolean });
  });

  it('it looks for the dispute of a payment', async () => {
    expect(await provider.findDisputeOfIntent('pi_1')).toMatchObject({ status: expect.any(String) as string });
  });

  it('it asks for a dispute, with its charge', async () => {
    expect(await provider.retrieveDispute('dp_1')).toMatchObject({ status: expect.any(String) as string });
  });
});

it('is refused what does not fit', async () => {
  const stripe = new Stripe('sk_test_123', { host: '127.0.0.1', port: new URL(apiBase).port, protocol: 'http', maxNetworkRetries: 0 });
  const wrong = { mode: 'payment', nonsense: 'x' } as unknown as Stripe.Checkout.SessionCreateParams;
  await expect(stripe.checkout.sessions.create(wrong)).rejects.toThrow(/additional properties are not allowed/);
});

it('says that Stripe is away', async () => {
  const away = new StripeProvider({ secretKey: 'sk_test_123', apiBase: 'http://127.0.0.1:9' });
  await expect(away.retrieveCheckout('cs_test_1')).rejects.toMatchObject({ kind: 'operational', code: 'STRIPE_UNAVAILABLE' });
});

it.each([
  ['sk_live_1', true],
  ['rk_live_1', true],
  ['sk_test_1', false],
  ['rk_test_live_1', false],
])('%s: money moves: %s', (secretKey, livemode) => {
  expect(new StripeProvider({ secretKey }).livemode).toBe(livemode);
});
