/** `npm run screens`: what a visitor and an account are shown. */
import { afterAll, beforeAll, test } from 'vitest';
import { SessionRecords } from './records.ts';
import { shoot } from './shoot.ts';
import { openStage, type Stage } from './stage.ts';
import { arrive, register, startSession } from './visitor.ts';

const MINUTE = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('pages of a visitor', async () => {
  const { page } = await arrive(stage.browser, stage.url);
  for (const [name, path, ready] of [
    ['landing', '/', 'Free labs'],
    ['labs-visitor', '/labs', 'You see the free labs'],
    ['lab-visitor', '/labs/ckad-mock-01', 'Sign in to start'],
    ['register', '/register', 'Create the account'],
    ['login', '/login?next=/history', 'Sign in to go on'],
    ['forgot-password', '/forgot-password', 'Send the link'],
    ['reset-password', '/reset-password#token=x.y', 'Set the password'],
    ['reset-password-incomplete', '/reset-password', 'This link is not complete'],
    ['verify-email-failed', '/verify-email#token=x.y', 'The address is not confirmed'],
    ['not-found', '/nothing/here', 'There is no such page'],
    ['labs-none', '/labs?level=hard&category=CKAD', 'No lab fits'],
    ['pricing', '/pricing', 'no subscription'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(path);
    await page.getByText(ready).first().waitFor();
    await shoot(page, name);
  }
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill('nobody@example.org');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).last().click();
  await page.getByText('do not match').waitFor();
  await shoot(page, 'login-refused');
  await page.goto('/register');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByText('That is not an e-mail address.').waitFor();
  await shoot(page, 'register-refused');
  await page.context().setOffline(true);
  await page.evaluate('window.dispatchEvent(new Event("offline"))');
  await page.getByText('You are offline').waitFor();
  await shoot(page, 'offline');
});

test('pages of an account', async () => {
  const person = await arrive(stage.browser, stage.url);
  const { page } = person;
  await register(person);
  await page.goto('/history');
  await page.getByText('Nothing here yet').waitFor();
  await shoot(page, 'history-empty');
  await page.goto('/account');
  await page.getByText('Sign out everywhere').waitFor();
  await shoot(page, 'account');
  await page.goto('/labs');
  await page.getByText('CKA full exam 1').waitFor();
  await shoot(page, 'labs');
  await page.goto('/labs/ckad-mock-01');
  await page.getByRole('button', { name: 'Start this exam' }).waitFor();
  await shoot(page, 'lab');
  await page.goto('/labs/cka-full-01');
  await page.getByRole('button', { name: 'Start this exam' }).click();
  await page.getByText('The lab that you asked for needs a pass').waitFor();
  await shoot(page, 'pricing-pass-required');
  await page.goto('/sessions/00000000-0000-4000-8000-000000000000');
  await page.getByText('This is not yours to see').waitFor();
  await shoot(page, 'no-access');
});

test('what is hostile', async () => {
  const person = await arrive(stage.browser, stage.url);
  await register(person, '<img src=x onerror="window.hacked=1">');
  const records = new SessionRecords(stage.database, await startSession(person, 'hostile'));
  await records.initialize();
  await records.ready();
  await records.run(60 * MINUTE, 50 * MINUTE);
  await person.page.getByText('Connected').waitFor();
  await shoot(person.page, 'room-hostile', false);
});
