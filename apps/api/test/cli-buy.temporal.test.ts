/** `ckx buy` as a process, the sandbox's page, the webhook, the workflow of the pass by the real worker: from the wish to the pass. */
import { AccessStatus, CheckoutStatusView, PaymentPage, PaymentView } from '@ckx/contracts';
import { UserEntity } from '@ckx/persistence';
import { runCkx, type CkxOutcome } from '@ckx/test-support/ckx';
import { ApiClient } from '@ckx/test-support/client';
import { testPostgres, testTemporal } from '@ckx/test-support';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';
import { startWorkers, type Workers } from './workers.ts';

const APP = 'http://ckx.test';
const credentials = { email: 'buyer@example.org', password: 'a password of tests' };
let api: TestApi;
let dataSource: DataSource;
let workers: Workers;
let home: string;
let buyer: ApiClient;
beforeAll(async () => {
  const [{ url }, temporal] = await Promise.all([testPostgres(), testTemporal()]);
  dataSource = await openDatabase(url);
  workers = await startWorkers(temporal, dataSource, () => Promise.resolve());
  api = await startApi({ DATABASE_URL: url, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, APP_URL: APP });
  home = await mkdtemp(join(tmpdir(), 'ckx-cli-buy-'));
  await new ApiClient(api.url).send('POST', '/auth/register', { ...credentials, name: 'Buyer' });
  await api.database.manager.update(UserEntity, { email: credentials.email }, { role: 'admin' });
  buyer = await ApiClient.login(api.url, credentials);
  expect((await run(['login', '--email', credentials.email], { input: credentials.password })).exitCode).toBe(0);
});
afterAll(async () => {
  await api.close();
  await workers.stop();
  await dataSource.destroy();
  await rm(home, { recursive: true, force: true });
});

/** @param press what to press once the command has said where to pay. */
async function run(args: readonly string[], { input = '', press = '' } = {}): Promise<CkxOutcome> {
  const pressed: Promise<unknown>[] = [];
  const onStderr = (said: string) => {
    const page = /http:\/\/ckx\.test\/sandbox\/checkout\/\w+(?=\s)/.exec(said)?.[0];
    if (press === '' || page === undefined || pressed.length > 0) return;
    pressed.push(fetch(`${page.replace(APP, api.url)}/${press}`, { method: 'POST', redirect: 'manual' }));
  };
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), CKX_API_URL: api.url };
  const outcome = await runCkx(args, { env, input, onStderr });
  await Promise.all(pressed);
  return outcome;
}

test('a pass is bought, waited for, and there', async () => {
  const bought = await run(['buy', '38_hours', '--json'], { press: 'pay' });
  expect(bought.exitCode, bought.stderr).toBe(0);
  expect(bought.stderr).toContain('Pay 4.99 USD at:');
  expect(bought.stderr).toContain('This is the sandbox: no money moves.');
  const status = CheckoutStatusView.parse(JSON.parse(bought.stdout));
  expect(status).toMatchObject({ status: 'paid', sandbox: true, pass: { status: 'purchased', expiresAt: null } });
  const { waiting } = await buyer.get('/access/status', AccessStatus);
  expect(waiting.map(({ id, source }) => [id, source])).toEqual([[status.pass?.passId, 'purchase']]);
  const receipts: unknown = await api.database.query(`SELECT kind FROM mails WHERE kind = 'receipt'`);
  expect(receipts).toHaveLength(1);
});

test('a checkout that comes to nothing is an error with a remedy', async () => {
  const expired = await run(['buy', '1_week'], { press: 'expire' });
  expect(expired).toMatchObject({ exitCode: 1, stdout: '' });
  expect(expired.stderr).toContain('The payment came to nothing: expired.');
});

test('without waiting it only says where to pay', async () => {
  const told = await run(['buy', '2_weeks', '--no-wait']);
  expect(told).toMatchObject({ exitCode: 0, stderr: '' });
  expect(told.stdout).toMatch(/^Pay 29.99 USD at:\n {2}http:\/\/ckx\.test\/sandbox\/checkout\/\w+\nThis is the sandbox/);
  expect((await run(['plans'])).stdout).toMatch(/free_trial .*0\.00 USD[^]*38_hours .*4\.99 USD/);
});

test('an administrator sees payments, and lets one of the sandbox be refunded: the pass is gone', async () => {
  const listed = await run(['admin', 'payments', '--status', 'paid', '--json']);
  const [payment] = PaymentPage.parse(JSON.parse(listed.stdout)).payments;
  expect(payment).toMatchObject({ status: 'paid', sandbox: true, passTypeId: '38_hours', userEmail: credentials.email });
  const refunded = await run(['admin', 'sandbox', payment?.paymentId ?? '', 'refund', '--reason', 'A test.', '--json']);
  expect(refunded.exitCode, refunded.stderr).toBe(0);
  expect(PaymentView.parse(JSON.parse(refunded.stdout)).paymentId).toBe(payment?.paymentId);
  await expect.poll(async () => (await buyer.get('/access/status', AccessStatus)).waiting, { timeout: 20_000 }).toEqual([]);
  await expect
    .poll(async () => (await run(['admin', 'payments', '--status', 'refunded'])).stdout, { timeout: 20_000 })
    .toContain('refunded (sandbox)');
});
