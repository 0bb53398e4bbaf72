/** The sandbox in place of Stripe: a person's way through its pages, and what the pass is told by way of the webhook. */
import { CheckoutStatusView, CheckoutView, PaymentPage, PlansView, UserView } from '@ckx/contracts';
import { accessPassWorkflowId } from '@ckx/contracts/access-pass';
import { AuditEntity, PaymentEntity } from '@ckx/persistence';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { testTemporal } from '@ckx/test-support';
import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApi, type TestApi } from './harness.ts';

const APP = 'https://exams.example.org';
let api: TestApi;
let admin: ApiClient;
let connection: Connection;
let temporal: Client;
let env: Record<string, string>;
beforeAll(async () => {
  const { address, namespace } = await testTemporal();
  connection = await Connection.connect({ address });
  temporal = new Client({ connection, namespace });
  env = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, APP_URL: APP };
  api = await startApi(env);
  admin = await api.admin();
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

async function buy(client: ApiClient): Promise<CheckoutView> {
  return CheckoutView.parse((await client.send('POST', '/billing/checkout', { passTypeId: '38_hours' })).body);
}
/** Where the API of this test is, in place of where people reach it. */
const here = ({ url }: { url: string }) => url.replace(APP, api.url);
const open = (url: string) => fetch(url, { redirect: 'manual' });
async function press(checkout: CheckoutView, button: string) {
  const page = await (await open(here(checkout))).text();
  expect(page).toContain(`action="/sandbox/checkout/${checkout.checkoutSessionId}/${button}"`);
  return fetch(`${here(checkout)}/${button}`, { method: 'POST', redirect: 'manual' });
}
const paymentOf = ({ checkoutSessionId }: CheckoutView) => api.database.manager.findOneByOrFail(PaymentEntity, { checkoutSessionId });

async function signalsOf(checkout: CheckoutView): Promise<string[]> {
  const { passId } = await paymentOf(checkout);
  const history = await temporal.workflow
    .getHandle(accessPassWorkflowId(passId))
    .fetchHistory()
    .catch(() => null);
  return (history?.events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}

describe('a candidate', () => {
  test('sees what is sold, and that it is the sandbox', async () => {
    const { plans, payments } = await new ApiClient(api.url).get('/billing/plans', PlansView);
    expect(payments).toBe('sandbox');
    expect(plans.map(({ id, priceCents, durationHours, needsPayment }) => [id, priceCents, durationHours, needsPayment])).toEqual([
      ['free_trial', 0, null, false],
      ['38_hours', 499, 38, true],
      ['1_week', 1999, 168, true],
      ['2_weeks', 2999, 336, true],
    ]);
  });

  test('pays on a page that is plainly marked, and may do nothing that its policy does not name', async () => {
    const client = await api.candidate();
    const checkout = await buy(client);
    expect(checkout).toMatchObject({ sandbox: true, url: `${APP}/sandbox/checkout/${checkout.checkoutSessionId}` });
    const response = await open(here(checkout));
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const nonce = /style-src 'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1];
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self' ${APP}; frame-ancestors 'none'; base-uri 'none'`,
    );
    const page = await response.text();
    expect(page).toContain('SANDBOX: this is not a real checkout. No money moves');
    expect(page).toContain('4.99 USD');
    expect(page).not.toMatch(/<script|https?:\/\/(?!exams\.example\.org)/);
    const paid = await press(checkout, 'pay');
    expect([paid.status, paid.headers.get('location')]).toEqual([303, `${APP}/payment/success?session_id=${checkout.checkoutSessionId}`]);
    expect(await signalsOf(checkout)).toEqual(['paid']);
    expect(await (await open(here(checkout))).text()).not.toContain('<form');
    expectProblem(await again(checkout, 'pay'), 409, 'SANDBOX_REFUSED');
    expect(await client.get(`/billing/checkout/${checkout.checkoutSessionId}`, CheckoutStatusView)).toMatchObject({ sandbox: true });
  });

  test('whose card is declined may try again, and the pass hears nothing', async () => {
    const checkout = await buy(await api.candidate());
    const declined = await press(checkout, 'decline');
    expect(declined.status).toBe(303);
    expect(await (await open(`${api.url}${declined.headers.get('location')}`)).text()).toContain('The card was declined');
    expect(await signalsOf(checkout)).toEqual([]);
    await press(checkout, 'pay');
    expect(await signalsOf(checkout)).toEqual(['paid']);
  });

  test('may pay later: the money arrives, or does not', async () => {
    const [arrives, fails] = [await buy(await api.candidate()), await buy(await api.candidate())];
    for (const checkout of [arrives, fails]) {
      await press(checkout, 'pay_later');
      expect(await signalsOf(checkout)).toEqual([]);
    }
    await press(arrives, 'arrive');
    await press(fails, 'bounce');
    expect(await signalsOf(arrives)).toEqual(['paid']);
    expect(await signalsOf(fails)).toEqual(['unpaid']);
  });

  test('who does nothing has a checkout that expires, by itself too', async () => {
    const [pressed, forgotten] = [await buy(await api.candidate()), await buy(await api.candidate())];
    await press(pressed, 'expire');
    expect(await signalsOf(pressed)).toEqual(['unpaid']);
    await api.database.query('UPDATE sandbox_checkouts SET expires_at = now() WHERE id = $1', [forgotten.checkoutSessionId]);
    await vi.waitFor(async () => expect(await signalsOf(forgotten)).toEqual(['unpaid']), { timeout: 10_000, interval: 200 });
  });

  test('gets no further with what is no checkout, no button, or not for candidates', async () => {
    const checkout = await buy(await api.candidate());
    for (const [method, path, status, code] of [
      ['GET', 'cs_sandbox_nothing', 404, 'CHECKOUT_UNKNOWN'],
      ['GET', encodeURIComponent('<script>'), 404, 'CHECKOUT_UNKNOWN'],
      ['GET', 'x'.repeat(256), 400, 'VALIDATION_FAILED'],
      ['GET', `${checkout.checkoutSessionId}?declined=perhaps`, 400, 'VALIDATION_FAILED'],
      ['POST', 'cs_sandbox_nothing/pay', 404, 'CHECKOUT_UNKNOWN'],
      ['POST', `${checkout.checkoutSessionId}/arrive`, 409, 'SANDBOX_REFUSED'],
      ['POST', `${checkout.checkoutSessionId}/refund`, 400, 'VALIDATION_FAILED'],
      ['POST', `${checkout.checkoutSessionId}/%00`, 400, 'VALIDATION_FAILED'],
    ] as const) {
      const response = await fetch(`${api.url}/sandbox/checkout/${path}`, { method });
      expectProblem({ status: response.status, body: await response.json(), headers: response.headers }, status, code);
    }
  });
});

async function again(checkout: CheckoutView, button: string) {
  const response = await fetch(`${here(checkout)}/${button}`, { method: 'POST', redirect: 'manual' });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

describe('an administrator', () => {
  const reverse = (id: string, what: string, reason: unknown = 'A test.') =>
    admin.send('POST', `/admin/payments/${id}/sandbox`, { what, reason });

  test('lets a payment be refunded, or disputed and the dispute be decided; each is on record', async () => {
    const [refunded, disputed] = [await buy(await api.candidate()), await buy(await api.candidate())];
    const { id: unpaidId } = await paymentOf(refunded);
    expectProblem(await reverse(unpaidId, 'refund'), 409, 'SANDBOX_REFUSED');
    for (const checkout of [refunded, disputed]) await press(checkout, 'pay');
    const { id } = await paymentOf(disputed);
    expect((await reverse(unpaidId, 'refund')).status).toBe(200);
    for (const what of ['dispute', 'win']) expect((await reverse(id, what)).status).toBe(200);
    expectProblem(await reverse(id, 'lose'), 409, 'SANDBOX_REFUSED');
    expect(await signalsOf(refunded)).toEqual(['paid', 'reversed']);
    expect(await signalsOf(disputed)).toEqual(['paid', 'reversed', 'reinstated']);
    const deeds = await api.database.manager.find(AuditEntity, { where: { targetKind: 'payment' }, order: { id: 'ASC' } });
    expect(deeds.map(({ action, targetId, reason }) => [action, targetId, reason])).toEqual([
      ['payment.sandbox_refund', unpaidId, 'A test.'],
      ['payment.sandbox_dispute', id, 'A test.'],
      ['payment.sandbox_win', id, 'A test.'],
    ]);
    expect(await (await open(here(refunded))).text()).toContain('Paid, and refunded.');
  });

  test('finds payments by candidate and status, page by page', async () => {
    const client = await api.candidate();
    const { id: userId, email } = await client.get('/users/me', UserView);
    for (const passTypeId of ['38_hours', '1_week', '2_weeks']) await client.send('POST', '/billing/checkout', { passTypeId });
    const first = await admin.get(`/admin/payments?userId=${userId}&limit=2`, PaymentPage);
    const second = await admin.get(`/admin/payments?userId=${userId}&limit=2&before=${first.next}`, PaymentPage);
    expect([...first.payments, ...second.payments].map(({ passTypeId }) => passTypeId)).toEqual(['2_weeks', '1_week', '38_hours']);
    expect(first.payments[0]).toMatchObject({ userId, userEmail: email, status: 'open', sandbox: true, problem: null, paidAt: null });
    expect(second.next).toBeNull();
    expect((await admin.get(`/admin/payments?userId=${userId}&status=paid`, PaymentPage)).payments).toEqual([]);
    for (const query of ['limit=0', 'status=lost', 'userId=me', 'before=x']) {
      expectProblem(await admin.send('GET', `/admin/payments?${query}`), 400, 'VALIDATION_FAILED');
    }
  });

  test('and nobody else; and only of payments that there are', async () => {
    const client = await api.candidate();
    const { id } = await paymentOf(await buy(client));
    expectProblem(await client.send('GET', '/admin/payments'), 403, 'ADMIN_ONLY');
    expectProblem(await client.send('POST', `/admin/payments/${id}/sandbox`, { what: 'refund', reason: 'x' }), 403, 'ADMIN_ONLY');
    expectProblem(await reverse(randomUUID(), 'refund'), 404, 'PAYMENT_UNKNOWN');
    expectProblem(await reverse('mine', 'refund'), 400, 'VALIDATION_FAILED');
    for (const [what, reason] of [
      ['give', 'x'],
      ['refund', ''],
      ['refund', 7],
    ] as const) {
      expectProblem(await reverse(id, what, reason), 400, 'VALIDATION_FAILED');
    }
    await api.database.manager.update(PaymentEntity, { id }, { sandbox: false });
    expectProblem(await reverse(id, 'refund'), 404, 'SANDBOX_OFF');
  });
});

test('an event that the webhook does not take is sent again until it does', async () => {
  const { DATABASE_URL } = api.config;
  const checkout = await buy(await api.candidate());
  // The engine does not answer this copy; what it could not tell, the other one tells.
  const cutOff = await startApi({ ...env, DATABASE_URL, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  try {
    expect((await fetch(`${checkout.url.replace(APP, cutOff.url)}/pay`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
  } finally {
    await cutOff.close();
  }
  await vi.waitFor(async () => expect(await signalsOf(checkout)).toContain('paid'), { timeout: 20_000, interval: 200 });
});

// Each of these is an API of its own; of all in one process the newest checks every access token (passport).
describe('who takes the money', () => {
  test.each([
    [{ NODE_ENV: 'production' }, 'none'],
    [{ NODE_ENV: 'production', CKX_SANDBOX_PAYMENTS: '1' }, 'sandbox'],
    [{ CKX_SANDBOX_PAYMENTS: '0' }, 'none'],
    [{ STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_12345678' }, 'test'],
    [{ STRIPE_SECRET_KEY: 'rk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_12345678' }, 'stripe'],
  ] as const)('%j: %s', async (settings, takenBy) => {
    const other = await startApi({ ...settings });
    try {
      const client = await other.candidate();
      expect((await client.get('/billing/plans', PlansView)).payments).toBe(takenBy);
      if (takenBy === 'none') {
        expectProblem(await client.send('POST', '/billing/checkout', { passTypeId: '38_hours' }), 409, 'PAYMENTS_NOT_CONFIGURED');
        expectProblem(await client.send('POST', '/billing/webhook', {}), 409, 'PAYMENTS_NOT_CONFIGURED');
      }
      if (takenBy === 'sandbox') return;
      const page = await fetch(`${other.url}/sandbox/checkout/cs_sandbox_x`);
      expectProblem({ status: page.status, body: await page.json(), headers: page.headers }, 404, 'SANDBOX_OFF');
    } finally {
      await other.close();
    }
  });

  test.each([
    [{ STRIPE_SECRET_KEY: 'sk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_12345678', CKX_SANDBOX_PAYMENTS: '1' }, 'CKX_SANDBOX_PAYMENTS'],
    [{ STRIPE_SECRET_KEY: 'sk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_12345678', STRIPE_API_BASE: 'http://127.0.0.1:1' }, 'STRIPE_API_BASE'],
    [{ STRIPE_SECRET_KEY: 'sk_live_x' }, 'STRIPE_WEBHOOK_SECRET'],
    [{ STRIPE_SECRET_KEY: 'pk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_12345678' }, 'STRIPE_SECRET_KEY'],
  ] as const)('%j is refused at the start', async (settings, named) => {
    await expect(startApi({ ...settings, DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing' })).rejects.toThrow(named);
  });
});
