/** The web application in a real browser, against the real API, Postgres and Temporal; a host whose environments are made of nothing. */
import { testTemporal } from '@ckx/test-support';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startWorkers, type Workers } from '../../apps/api/test/workers.ts';
import { webWeights } from '../../scripts/web/weight.ts';
import { expectAccessible } from './accessible.ts';
import { SessionRecords } from './records.ts';
import { openStage, type Stage } from './stage.ts';
import { arrive, PASSWORD, register, startSession } from './visitor.ts';
import './web.setup.ts';

let stage: Stage;
let workers: Workers;
beforeAll(async () => {
  const temporal = await testTemporal();
  stage = await openStage({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, START_GRACE_MS: '3600000' });
  workers = await startWorkers(temporal, stage.database, () => Promise.resolve());
});
afterAll(async () => {
  await workers.stop();
  await stage.close();
});

describe('a visitor', () => {
  test('registers, finds a lab, sits it by keyboard, hands in, and reads the result', async () => {
    const person = await arrive(stage.browser, stage.url);
    const { page, faults } = person;
    await page.goto('/');
    await page.getByRole('link', { name: 'Try a free exam' }).first().click();
    await page.getByRole('link', { name: 'A mock lab' }).click();
    await page.getByRole('link', { name: 'Sign in to start' }).click();
    await page.getByRole('link', { name: 'Create one' }).click();
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/labs/api-mock');
    await page.getByRole('button', { name: 'Start this exam' }).click();
    await page.getByRole('button', { name: 'Start the clock' }).click({ timeout: 30_000 });
    await page.getByRole('heading', { level: 1, name: 'Greet' }).waitFor();
    await expect.poll(() => page.getByRole('timer').textContent()).toMatch(/^9:5\d$/);
    await page.getByRole('button', { name: 'greeting.txt' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('greeting.txt');
    await page.locator('main').focus();
    await page.keyboard.press('h');
    await page.getByRole('button', { name: 'Hand in now' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Passed: 67 % where 50 % are needed' }).waitFor({ timeout: 30_000 });
    await page.getByText('Greet').first().click();
    await page.getByText('What it found').first().click();
    await page.getByText('hello').waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  test('sees the first page stand still, on a slow processor too', async () => {
    const { page, context } = await arrive(stage.browser, stage.url);
    await page.addInitScript(`window.moved = [];
      new PerformanceObserver((list) => moved.push(...list.getEntries().map(({ value }) => value))).observe({ type: 'layout-shift', buffered: true });`);
    await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto('/');
    await page.getByRole('link', { name: 'A mock lab' }).first().waitFor();
    await page.evaluate('document.fonts.ready.then(() => new Promise((resolve) => setTimeout(resolve, 500)))');
    expect(await page.evaluate('moved')).toEqual([]);
  });

  test('is sent to sign in, and back again, but nowhere else', async () => {
    const { page, context, ...person } = await arrive(stage.browser, stage.url);
    await register({ page, context, ...person });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto('/account');
    await page.waitForURL('**/login?next=%2Faccount');
    await signIn(page, person.email);
    await page.waitForURL('**/account');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto('/login?next=//evil.example/x');
    await signIn(page, person.email);
    await page.waitForURL(`${stage.url}/dashboard`);
  });
});

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
}

/** Waits for a text, and says what is there in its place. */
async function see(page: Page, text: string): Promise<void> {
  await page
    .getByText(text)
    .waitFor({ timeout: 20_000 })
    .catch(async () => {
      throw new Error(`${page.url()} does not say "${text}" but: ${await page.locator('body').innerText()}`);
    });
}

describe('tabs', () => {
  test('stay signed in beside each other, and are signed out together', async () => {
    const person = await arrive(stage.browser, stage.url);
    await register(person);
    const pages = [person.page, await person.context.newPage(), await person.context.newPage()];
    // All at once, each with the one refresh token there is.
    await Promise.all(pages.map((page) => page.goto('/account')));
    for (const page of pages) await see(page, 'Sign out everywhere');
    await Promise.all(pages.map((page) => page.reload()));
    for (const page of pages) await see(page, 'Sign out everywhere');
    await pages[1]?.getByRole('button', { name: 'Sign out', exact: true }).click();
    for (const page of pages) await page.waitForURL('**/login?next=%2Faccount');
    expect(await person.page.evaluate('JSON.stringify(localStorage)')).not.toMatch(/eyJ|token/i);
  });
});

test('a session that an administrator ends says why, in the room', async () => {
  const person = await arrive(stage.browser, stage.url);
  await register(person);
  const records = new SessionRecords(stage.database, await startSession(person, 'api-mock'));
  await person.page.getByRole('button', { name: 'Start the clock' }).click({ timeout: 30_000 });
  await person.page.getByText('Connected', { exact: true }).waitFor();
  await expectAccessible(person.page);
  for (const key of ['?', 'a', 't', 'h']) {
    await person.page.keyboard.press(key);
    await person.page.getByRole('dialog').waitFor();
    await expectAccessible(person.page);
    await person.page.keyboard.press('Escape');
    await person.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await records.end('terminated_by_admin', 'The room has to be closed.');
  await person.page.getByText('The room has to be closed.').waitFor();
});

test('text of others is inert', async () => {
  const person = await arrive(stage.browser, stage.url);
  const { page } = person;
  await register(person, '<img src=x onerror="window.hacked=1">');
  await page.goto('/labs');
  await page.getByText('A lab that would run scripts').waitFor();
  await startSession(person, 'hostile');
  await page.getByRole('button', { name: 'Start the clock' }).click({ timeout: 30_000 });
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('button', { name: '/tmp/greeting' }).waitFor();
  expect(await page.locator('.prose').locator('img, script, iframe, [href^="javascript"]').count()).toBe(0);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(person.faults).toEqual([]);
});

test.each([
  '/',
  '/labs',
  '/labs/ckad-mock-01',
  '/pricing',
  '/login',
  '/register',
  '/forgot-password',
  '/reset-password',
  '/verify-email',
  '/nothing',
])('%s has no fault that axe finds', async (path) => {
  const { page, faults } = await arrive(stage.browser, stage.url);
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test.each(['/account', '/history', '/labs/cka-full-01'])('%s of an account has no fault that axe finds', async (path) => {
  const person = await arrive(stage.browser, stage.url);
  await register(person);
  await person.page.goto(path);
  await person.page.getByRole('heading', { level: 1 }).waitFor();
  await expectAccessible(person.page);
});

test('a visitor loads less than 120 kB of compressed script, and nothing of the exam room', async () => {
  const { first, pages } = await webWeights(inject('ckxWebDir'));
  expect(first.script.brotli).toBeGreaterThan(10_000);
  expect(first.script.gzip).toBeLessThan(120_000);
  expect(pages.get('src/room/room.tsx')?.script.gzip).toBeLessThan(450_000);
  const { page, context } = await arrive(stage.browser, stage.url);
  const loaded: string[] = [];
  context.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto('/');
  await page.getByRole('heading', { level: 2, name: 'Free labs' }).waitFor();
  expect(loaded.filter((path) => /room|session|result|terminal|admin|dashboard/.test(path))).toEqual([]);
});
