/** `npm run screens`: what a visitor, an account and a session show. */
import { afterAll, beforeAll, test } from 'vitest';
import { finishResult, RESULTS } from './results.ts';
import { SessionRecords } from './records.ts';
import { shoot } from './shoot.ts';
import { openStage, type Stage } from './stage.ts';
import { arrive, register, startSession, type Person } from './visitor.ts';

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
    ['pricing', '/pricing', 'Prices'],
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
  await page.getByText('CKA exam 1').waitFor();
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

async function open(): Promise<{ person: Person; records: SessionRecords }> {
  const person = await arrive(stage.browser, stage.url);
  await register(person);
  const records = new SessionRecords(stage.database, await startSession(person, 'ckad-mock-01'));
  return { person, records };
}

test('a session that goes its way', async () => {
  const { person, records } = await open();
  const { page } = person;
  await records.wait('All places of this installation are taken; the next one that is free is yours.');
  await page.reload();
  await page.getByText('You are next').waitFor();
  await shoot(page, 'session-waiting');
  await records.initialize();
  await records.progress(
    { step: 'admitted', durationMs: 40 },
    { step: 'containers', durationMs: 812 },
    { step: 'control_plane', durationMs: 3640 },
    { step: 'node_ready' },
    { step: 'questions', done: 2, total: 5 },
  );
  await page.getByText('2 of 5').waitFor();
  await shoot(page, 'session-preparing');
  await records.ready();
  await page.getByRole('button', { name: 'Start the clock' }).waitFor();
  await shoot(page, 'session-ready');
  await records.run(30 * MINUTE, 24 * MINUTE);
  await page.getByText('Connected').waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shoot(page, 'room', false);
  await page.keyboard.press('?');
  await shoot(page, 'room-keys', false);
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await shoot(page, 'room-tasks', false);
  await page.keyboard.press('Escape');
  await records.give({ id: 'extension-1', kind: 'extension', milliseconds: 5 * MINUTE, reason: 'A fire alarm.' });
  await records.give({ id: 'gap:host:1', kind: 'credit', milliseconds: 42_000, reason: 'The host was away for 42 s.' });
  await page.getByText('You were given 42 s back').waitFor();
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  await shoot(page, 'room-time-given', false);
  await page.keyboard.press('t');
  await shoot(page, 'room-clock', false);
  await page.keyboard.press('Escape');
  await page.keyboard.press('h');
  await shoot(page, 'room-hand-in', false);
  await page.keyboard.press('Escape');
});

test('a session that is graded', async () => {
  const { person, records } = await open();
  const { page } = person;
  await records.initialize();
  await records.ready();
  await records.run(30 * MINUTE, 4 * MINUTE);
  await records.end('submitted');
  await records.attempt({ state: 'grading' });
  await records.results(...RESULTS.slice(0, 2));
  await page.getByText('2 of 5 tasks graded').waitFor();
  await shoot(page, 'session-grading');
  await finishResult(records, 2);
  await page.getByText('Not passed').waitFor();
  await shoot(page, 'result');
  await page.getByText('A furnace that does not come up').click();
  await page.getByText('What it found').filter({ visible: true }).first().click();
  await shoot(page, 'result-open');
  await page.goto('/history');
  await page.getByText('Every').first().waitFor();
  await shoot(page, 'history');
});

test('sessions that end otherwise', async () => {
  const urgent = await open();
  await urgent.records.initialize();
  await urgent.records.ready();
  await urgent.records.run(30 * MINUTE, 5 * MINUTE + 1500);
  await urgent.person.page.getByText('5 minutes left').waitFor();
  await shoot(urgent.person.page, 'room-warning', false);
  await urgent.records.end('terminated_by_admin', 'The room has to be closed: the building is being evacuated.');
  await urgent.person.page.getByText('An administrator ended').waitFor();
  await shoot(urgent.person.page, 'session-ended-by-admin');

  const failing = await open();
  await failing.records.initialize();
  await failing.records.fail({
    type: 'init',
    code: 'PROVISION_TIMEOUT',
    reason: 'The cluster was not ready within 60 s.',
    step: 'node_ready',
    remedy: 'Start it again; if it stays so, tell an administrator.',
  });
  await failing.person.page.getByText('This session failed').waitFor();
  await shoot(failing.person.page, 'session-failed');

  const lost = await open();
  await lost.records.initialize();
  await lost.records.ready();
  await lost.records.run(30 * MINUTE, MINUTE);
  await lost.records.end('expired');
  await lost.records.attempt({ state: 'grading_failed' });
  await lost.person.page.getByText('It could not be graded').waitFor();
  await shoot(lost.person.page, 'session-grading-failed');
});

test('a room without a server', async () => {
  const { person, records } = await open();
  const { page } = person;
  await records.initialize();
  await records.ready();
  await records.run(30 * MINUTE, 20 * MINUTE);
  await page.getByText('Connected', { exact: true }).waitFor();
  await stage.stopApi();
  try {
    await page.getByText('No connection').waitFor({ timeout: 30_000 });
    await shoot(page, 'room-connection-lost', false);
  } finally {
    await stage.startApi();
  }
  await page.getByText('Connected', { exact: true }).waitFor({ timeout: 30_000 });
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
