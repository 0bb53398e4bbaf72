/** Payments against a Stripe that remembers, by the real client, with real signatures; what the pass is told is read from Temporal. */
import { CheckoutStatusView, CheckoutView, PlansView, UserView } from '@ckx/contracts';
import { accessPassWorkflowId } from '@ckx/contracts/access-pass';
import { PaymentEntity, PassTypeEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { testTemporal } from '@ckx/test-support';
import { type StripeEvent, StripePeer } from '@ckx/test-support/stripe-peer';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApi, type TestApi } from './harness.ts';

const SECRET = 'whsec_of_tests_1234567890';
const APP = 'https://exams.example.org';

let peer: StripePeer;
let api: TestApi;
let connection: Connection;
let temporal: Client;
beforeAll(async () => {
  const { address, namespace } = await testTemporal();
  connection = await Connection.connect({ address });
  temporal = new Client({ connection, namespace });
  peer = await StripePeer.start();
  api = await startApi({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    STRIPE_SECRET_KEY: 'sk_test_ckx',
    STRIPE_WEBHOOK_SECRET: SECRET,
    STRIPE_API_BASE: peer.url,
    APP_URL: APP,
  });
});
afterAll(async () => {
  await api.close();
  await peer[Symbol.asyncDispose]();
  await connection.close();
});

interface Sent {
  readonly secret?: string;
  readonly timestamp?: number;
  /** What is sent in place of what was signed. */
  readonly body?: string;
  readonly header?: string | null;
  readonly to?: TestApi;
}

async function sendEvent(event: StripeEvent, { secret = SECRET, timestamp, body, header, to = api }: Sent = {}) {
  const payload = JSON.stringify(event, null, 2);
  const signature =
    header === undefined
      ? Stripe.webhooks.generateTestHeaderString({ payload, secret, ...(timestamp === undefined ? {} : { timestamp }) })
      : header;
  const response = await fetch(`${to.url}/api/v1/billing/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...(signature === null ? {} : { 'stripe-signature': signature }) },
    body: body ?? payload,
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

async function buy(client: ApiClient, passTypeId = '38_hours'): Promise<CheckoutView> {
  const answer = await client.send('POST', '/billing/checkout', { passTypeId });
  expect(answer.status).toBe(201);
  return CheckoutView.parse(answer.body);
}

const paymentBehind = ({ checkoutSessionId }: CheckoutView) => api.database.manager.findOneByOrFail(PaymentEntity, { checkoutSessionId });

/** What the pass was told, in order; nothing where it has no workflow. */
async function toldOf(checkout: CheckoutView): Promise<[string, unknown][]> {
  const { passId } = await paymentBehind(checkout);
  const history = await temporal.workflow
    .getHandle(accessPassWorkflowId(passId))
    .fetchHistory()
    .catch(() => null);
  return (history?.events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
    const [payload] = signal?.input?.payloads ?? [];
    return signal?.signalName == null || payload === undefined ? [] : [[signal.signalName, defaultPayloadConverter.fromPayload(payload)]];
  });
}

/** Everything that an event could have written. */
async function written() {
  const rows: unknown = await api.database.query('SELECT * FROM payments ORDER BY id');
  const count = await temporal.workflow.count(`WorkflowType = 'accessPassWorkflow'`);
  return { rows, workflows: count.count };
}

describe('a checkout', () => {
  test('is begun at the plan’s price, and the payment is on record before', async () => {
    const client = await api.candidate();
    const { id: userId } = await client.get('/users/me', UserView);
    const checkout = await buy(client, '1_week');
    expect(checkout).toMatchObject({ passTypeId: '1_week', priceCents: 1999, currency: 'usd', sandbox: false });
    const payment = await paymentBehind(checkout);
    expect(payment).toMatchObject({ userId, status: 'open', priceCents: 1999, currency: 'usd', sandbox: false, paidAt: null });
    expect(peer.sessions.get(checkout.checkoutSessionId)).toMatchObject({
      amountCents: 1999,
      currency: 'usd',
      clientReferenceId: payment.id,
      metadata: { userId, passTypeId: '1_week', passId: payment.passId },
      successUrl: `${APP}/payment/success?session_id={CHECKOUT_SESSION_ID}`,
    });
    expect(await client.get(`/billing/checkout/${checkout.checkoutSessionId}`, CheckoutStatusView)).toMatchObject({
      status: 'open',
      pass: null,
    });
  });

  test('that is open is offered again, however often and at once it is asked for; another pass, or a closed one, is another checkout', async () => {
    const client = await api.candidate();
    const all = await Promise.all(Array.from({ length: 5 }, () => buy(client)));
    const [first] = all;
    expect(new Set(all.map(({ checkoutSessionId }) => checkoutSessionId)).size).toBe(1);
    expect((await buy(client, '2_weeks')).checkoutSessionId).not.toBe(first?.checkoutSessionId);
    peer.pay(first?.checkoutSessionId ?? '');
    const second = await buy(client);
    expect(second.checkoutSessionId).not.toBe(first?.checkoutSessionId);
    const stranger = await buy(await api.candidate());
    expect(stranger.checkoutSessionId).not.toBe(second.checkoutSessionId);
  });

  test('whose answer was lost is the same when it is asked for again: one row, one session', async () => {
    const client = await api.candidate();
    const checkout = await buy(client);
    await api.database.manager.update(PaymentEntity, { checkoutSessionId: checkout.checkoutSessionId }, { checkoutSessionId: null });
    const again = await buy(client);
    expect(again.checkoutSessionId).toBe(checkout.checkoutSessionId);
  });

  test('is its owner’s alone', async () => {
    const [owner, other] = [await api.candidate(), await api.candidate()];
    const { checkoutSessionId } = await buy(owner);
    for (const id of [checkoutSessionId, 'cs_test_nothing', `' OR 1=1 --`, '%00'].map(encodeURIComponent)) {
      expectProblem(await other.send('GET', `/billing/checkout/${id}`), 403, 'ACCESS_DENIED');
    }
    expectProblem(await new ApiClient(api.url).send('GET', `/billing/checkout/${checkoutSessionId}`), 401, 'UNAUTHENTICATED');
    expectProblem(await other.send('GET', `/billing/checkout/${'x'.repeat(256)}`), 400, 'VALIDATION_FAILED');
  });

  test('takes nothing but a pass that is sold', async () => {
    const client = await api.candidate();
    for (const body of [
      undefined,
      {},
      { passTypeId: 'free_trial' },
      { passTypeId: 7 },
      { passTypeId: '38_hours', priceCents: 1 },
      '{',
      '[]',
    ]) {
      const answer = await client.send('POST', '/billing/checkout', body);
      expect(answer.status).toBe(400);
    }
    expectProblem(await new ApiClient(api.url).send('POST', '/billing/checkout', { passTypeId: '38_hours' }), 401, 'UNAUTHENTICATED');
    await api.database.manager.update(PassTypeEntity, { id: '2_weeks' }, { isActive: false });
    try {
      expectProblem(await client.send('POST', '/billing/checkout', { passTypeId: '2_weeks' }), 404, 'PASS_TYPE_UNKNOWN');
      const { plans } = await client.get('/billing/plans', PlansView);
      expect(plans.map(({ id }) => id)).toEqual(['free_trial', '38_hours', '1_week']);
    } finally {
      await api.database.manager.update(PassTypeEntity, { id: '2_weeks' }, { isActive: true });
    }
  });

  test('while Stripe does not answer is refused, and begun when it does, on the same row', async () => {
    const client = await api.candidate();
    const { id: userId } = await client.get('/users/me', UserView);
    peer.isDown = true;
    try {
      expectProblem(await client.send('POST', '/billing/checkout', { passTypeId: '38_hours' }), 503, 'STRIPE_UNAVAILABLE');
    } finally {
      peer.isDown = false;
    }
    await buy(client);
    expect(await api.database.manager.countBy(PaymentEntity, { userId })).toBe(1);
  });
});

describe('the webhook tells the pass', () => {
  test('that it was paid, by what Stripe says and not by what the event says', async () => {
    const checkout = await buy(await api.candidate());
    const id = checkout.checkoutSessionId;
    const forged = peer.event('checkout.session.completed', id);
    expect(await sendEvent(forged)).toMatchObject({ status: 200, body: { ignored: true } });
    expect(await toldOf(checkout)).toEqual([]);
    const event = peer.pay(id);
    expect(await sendEvent(event)).toMatchObject({ status: 200, body: { ignored: false } });
    const session = peer.sessions.get(id);
    expect(await toldOf(checkout)).toEqual([
      [
        'paid',
        {
          checkoutSessionId: id,
          paymentIntentId: session?.intentId,
          amountCents: 499,
          currency: 'usd',
          paidAt: (session?.paidAt ?? 0) * 1_000,
        },
      ],
    ]);
    const { passId } = await paymentBehind(checkout);
    const described = await temporal.workflow.getHandle(accessPassWorkflowId(passId)).describe();
    expect(described.type).toBe('accessPassWorkflow');
  });

  test('of a delayed payment only when it is there, and of one that failed', async () => {
    const [late, failed] = [await buy(await api.candidate()), await buy(await api.candidate())];
    expect(await sendEvent(peer.payLater(late.checkoutSessionId))).toMatchObject({ status: 200, body: { ignored: true } });
    await sendEvent(peer.arrive(late.checkoutSessionId));
    await sendEvent(peer.payLater(failed.checkoutSessionId));
    await sendEvent(peer.bounce(failed.checkoutSessionId));
    expect((await toldOf(late)).map(([name]) => name)).toEqual(['paid']);
    expect(await toldOf(failed)).toEqual([['unpaid', { why: 'failed' }]]);
  });

  test('that it expired, unless it was paid after all', async () => {
    const [gone, paid] = [await buy(await api.candidate()), await buy(await api.candidate())];
    await sendEvent(peer.expire(gone.checkoutSessionId));
    expect(await toldOf(gone)).toEqual([['unpaid', { why: 'expired' }]]);
    peer.pay(paid.checkoutSessionId);
    await sendEvent(peer.event('checkout.session.expired', paid.checkoutSessionId));
    expect((await toldOf(paid)).map(([name]) => name)).toEqual(['paid']);
  });

  test('of a whole refund, and not of a part of one; before it was told of the payment as well', async () => {
    const checkout = await buy(await api.candidate());
    peer.pay(checkout.checkoutSessionId);
    expect(await sendEvent(peer.refund(checkout.checkoutSessionId, 100))).toMatchObject({ status: 200, body: { ignored: true } });
    const event = peer.refund(checkout.checkoutSessionId);
    expect((await sendEvent(event)).status).toBe(200);
    expect(await toldOf(checkout)).toEqual([['reversed', { why: 'refund', at: event.created * 1_000 }]]);
  });

  test('of a dispute and its end; of its beginning no more once it was won', async () => {
    const [won, lost] = [await buy(await api.candidate()), await buy(await api.candidate())];
    for (const { checkoutSessionId } of [won, lost]) peer.pay(checkoutSessionId);
    const begun = peer.dispute(won.checkoutSessionId);
    await sendEvent(begun);
    const closed = peer.closeDispute(won.checkoutSessionId, 'won');
    await sendEvent(closed);
    expect(await sendEvent(begun)).toMatchObject({ status: 200, body: { ignored: true } });
    expect(await toldOf(won)).toEqual([
      ['reversed', { why: 'dispute', at: begun.created * 1_000 }],
      ['reinstated', { at: closed.created * 1_000 }],
    ]);
    await sendEvent(peer.dispute(lost.checkoutSessionId));
    await sendEvent(peer.closeDispute(lost.checkoutSessionId, 'lost'));
    expect((await toldOf(lost)).map(([name]) => name)).toEqual(['reversed', 'reversed']);
  });

  test('nothing of what it does not know: 200, and no question to Stripe', async () => {
    const before = peer.asked.length;
    for (const type of ['invoice.paid', 'customer.created', 'checkout.session.completed.more', 'constructor']) {
      expect(await sendEvent(peer.event(type, 'in_1'))).toMatchObject({ status: 200, body: { ignored: true } });
    }
    expect(peer.asked.length).toBe(before);
  });
});

describe('the webhook refuses, and nothing is written,', () => {
  async function refused(status: number, code: string, event: StripeEvent, sent: Sent = {}) {
    const before = await written();
    expectProblem(await sendEvent(event, sent), status, code);
    expect(await written()).toEqual(before);
  }

  test('what is not signed with its secret, was signed too long ago, or was altered', async () => {
    const checkout = await buy(await api.candidate());
    const event = peer.pay(checkout.checkoutSessionId);
    const now = Math.floor(Date.now() / 1_000);
    const text = JSON.stringify(event, null, 2);
    const good = Stripe.webhooks.generateTestHeaderString({ payload: text, secret: SECRET });
    const bad: Sent[] = [
      { header: null },
      { header: '' },
      { header: 'nonsense' },
      { header: `t=${now}` },
      { header: `t=${now},v1=${'0'.repeat(64)}` },
      { header: good.replace('v1=', 'v0=') },
      { header: good.replace(/t=\d+/, `t=${now + 1}`) },
      { secret: 'whsec_of_another_endpoint' },
      { timestamp: now - 301 },
      { body: text.replace(event.id, 'evt_other') },
      { body: `${text} ` },
      { body: JSON.stringify(event) },
      { body: '' },
      { body: '{' },
    ];
    for (const sent of bad) await refused(400, 'SIGNATURE_INVALID', event, sent);
    // It is the signature that was wrong with all of them.
    expect((await sendEvent(event, { timestamp: now - 290 })).status).toBe(200);
  });

  test('what is signed well and no event', async () => {
    for (const body of ['null', '[]', '7', '{}', '{"id":"evt_1"}', '{"id":"evt_1","object":"event","type":"x","created":"now"}']) {
      const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET });
      await refused(400, 'SIGNATURE_INVALID', peer.event('x', 'y'), { body, header });
    }
    const event = { ...peer.event('checkout.session.completed', 'x'), data: { object: {} } } as unknown as StripeEvent;
    await refused(422, 'EVENT_REFUSED', event);
  });

  test('what is of another account, another mode, another installation, or a payment that nobody knows', async () => {
    const checkout = await buy(await api.candidate());
    const paid = peer.pay(checkout.checkoutSessionId);
    const { id: paymentId, passId, userId } = await paymentBehind(checkout);
    await refused(422, 'EVENT_REFUSED', { ...paid, account: 'acct_1other' });
    await refused(422, 'EVENT_REFUSED', { ...paid, livemode: true });
    await refused(422, 'EVENT_REFUSED', peer.event('checkout.session.completed', 'cs_test_unknown'));
    await refused(422, 'EVENT_REFUSED', peer.event('charge.refunded', 'ch_unknown'));
    await refused(422, 'EVENT_REFUSED', peer.event('charge.dispute.created', 'dp_unknown'));
    const metadata = { userId: userId ?? '', passId, passTypeId: '38_hours' };
    const strangers = [
      peer.foreign(),
      peer.foreign(randomUUID(), metadata),
      peer.foreign('nonsense', metadata),
      // Names a payment of ours, which has another checkout: somebody else with our key's account made it.
      peer.foreign(paymentId, metadata),
      peer.foreign(paymentId, { ...metadata, passId: randomUUID() }),
    ];
    for (const id of strangers) {
      await refused(422, 'EVENT_REFUSED', peer.pay(id));
      await refused(422, 'EVENT_REFUSED', peer.refund(id));
      await refused(422, 'EVENT_REFUSED', peer.dispute(id));
    }
    expect(await toldOf(checkout)).toEqual([]);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toMatch(/ckx_payment_events_total\{type="checkout.session.completed",outcome="refused"\} [1-9]/);
    expect(metrics).toMatch(/ckx_payment_events_total\{type="other",outcome="unsigned"\} [1-9]/);
  });

  test('what is too large', async () => {
    const event = peer.event('checkout.session.completed', 'x');
    expectProblem(await sendEvent(event, { body: 'x'.repeat(300 * 1024) }), 413, 'BODY_TOO_LARGE');
  });
});

test('a payment whose answer from Stripe was lost is known by its checkout all the same', async () => {
  const checkout = await buy(await api.candidate());
  await api.database.manager.update(PaymentEntity, { checkoutSessionId: checkout.checkoutSessionId }, { checkoutSessionId: null });
  expect(await sendEvent(peer.pay(checkout.checkoutSessionId))).toMatchObject({ status: 200, body: { ignored: false } });
  expect((await toldOf(checkout)).map(([name]) => name)).toEqual(['paid']);
});

test('of an account that is gone is told as well, so that it can be given back', async () => {
  const client = await api.candidate();
  const checkout = await buy(client);
  const { id: userId } = await client.get('/users/me', UserView);
  await api.database.manager.update(PaymentEntity, { userId }, { userId: null });
  expect((await sendEvent(peer.pay(checkout.checkoutSessionId))).status).toBe(200);
  await vi.waitFor(async () => expect((await toldOf(checkout)).map(([name]) => name)).toEqual(['paid']));
});

// Last, because of all copies of the API in one process the newest checks every access token (passport).
test('as long as Stripe, or the engine, does not answer, an event is not taken; it is when it comes again', async () => {
  const checkout = await buy(await api.candidate());
  const event = peer.pay(checkout.checkoutSessionId);
  peer.isDown = true;
  try {
    expectProblem(await sendEvent(event), 503, 'STRIPE_UNAVAILABLE');
  } finally {
    peer.isDown = false;
  }
  const { DATABASE_URL } = api.config;
  const cutOff = await startApi({
    DATABASE_URL,
    STRIPE_SECRET_KEY: 'sk_test_ckx',
    STRIPE_WEBHOOK_SECRET: SECRET,
    STRIPE_API_BASE: peer.url,
  });
  try {
    expectProblem(await sendEvent(event, { to: cutOff }), 503, 'ENGINE_UNAVAILABLE');
  } finally {
    await cutOff.close();
  }
  expect(await toldOf(checkout)).toEqual([]);
  expect((await sendEvent(event)).status).toBe(200);
  expect((await toldOf(checkout)).map(([name]) => name)).toEqual(['paid']);
});

test('a checkout is asked for only so often', async () => {
  const narrow = await startApi({
    AUTH_ATTEMPTS_PER_MINUTE: '3',
    STRIPE_SECRET_KEY: 'sk_test_x',
    STRIPE_WEBHOOK_SECRET: SECRET,
    STRIPE_API_BASE: peer.url,
  });
  try {
    const client = await narrow.candidate();
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push((await client.send('POST', '/billing/checkout', { passTypeId: '38_hours' })).status);
    expect(answers).toEqual([201, 201, 201, 429]);
  } finally {
    await narrow.close();
  }
});
