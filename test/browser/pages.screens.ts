/** `npm run screens`: dashboard, ways into a lab, account, review, administration. */
import { ExamSessionEntity } from '@ckx/persistence';
import { insertPass, insertPayment, insertRunningPass } from '@ckx/test-support/passes';
import { afterAll, beforeAll, test } from 'vitest';
import { administrator, newcomer, userOf } from './person.ts';
import { SessionRecords } from './records.ts';
import { finishResult } from './results.ts';
import { shoot } from './shoot.ts';
import { openStage, type Stage } from './stage.ts';
import { startSession, type Person } from './visitor.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ TEMPORAL_CONSOLE_URL: 'http://console.example' });
});
afterAll(() => stage.close());

/** An exam that was sat so many days ago. */
async function sat(person: Person, daysAgo: number, percent: number): Promise<SessionRecords> {
  const records = new SessionRecords(stage.database, await startSession(person, 'ckad-mock-01'));
  await records.initialize();
  await records.ready();
  await records.run(30 * MINUTE, 5 * MINUTE);
  await records.recording('\x1b[32mcandidate@ckx\x1b[0m:~$ kubectl get pods\r\n', 'weather-desk   2/2   Running   0   4m\r\n');
  await records.end('submitted');
  await records.attempt({ state: 'grading' });
  await finishResult(records, 0, { percent, passed: percent >= 66 });
  const at = new Date(Date.now() - daysAgo * DAY);
  await stage.database.manager.update(ExamSessionEntity, records.id, { startedAt: at, endedAt: new Date(at.getTime() + 25 * MINUTE) });
  return records;
}

test('dashboard and review', async () => {
  const person = await newcomer(stage);
  const { page } = person;
  await page.getByText('Your scores will be drawn here').waitFor();
  await shoot(page, 'dashboard-new');
  let last: SessionRecords | undefined;
  for (const [index, percent] of [32, 45, 41, 58, 71].entries()) last = await sat(person, 12 - 2 * index, percent);
  const { id: userId } = await userOf(person, stage.database);
  await insertRunningPass(stage.database.manager, userId);
  await insertPass(stage.database.manager, userId, { passTypeId: '1_week', durationHours: 168 });
  await page.goto('/dashboard');
  await page.getByRole('img').waitFor();
  await page.getByRole('timer').waitFor();
  await shoot(page, 'dashboard');
  await page.getByRole('button', { name: 'Start its time now' }).click();
  await shoot(page, 'dashboard-pass-starts');
  await page.goto(`/sessions/${last?.id ?? ''}`);
  await page.getByRole('button', { name: /Play Terminal/ }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await page.getByText('A furnace that does not come up').click();
  await page.getByText('Solution', { exact: true }).filter({ visible: true }).first().click();
  await page.getByText('What one could have typed').waitFor();
  await shoot(page, 'review');
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: 'bench/screens/review-paper.png', fullPage: true });
  await page.emulateMedia({ media: 'screen' });
  const open = new SessionRecords(stage.database, await startSession(person, 'ckad-mock-01'));
  await open.initialize();
  await open.ready();
  await open.run(120 * MINUTE, 80 * MINUTE);
  await page.goto('/dashboard');
  await page.getByRole('timer').nth(1).waitFor();
  await shoot(page, 'dashboard-session');
});

test('ways into a lab, and the account', async () => {
  const person = await newcomer(stage);
  const { page } = person;
  await page.goto('/labs/ckad-mock-01');
  await page.getByLabel(/Practice/).check();
  await shoot(page, 'lab-practice');
  const { id: userId } = await userOf(person, stage.database);
  await insertPass(stage.database.manager, userId);
  await page.goto('/labs/cka-full-01');
  await page.getByRole('button', { name: 'Start this exam' }).click();
  await page.getByText('Start your pass now?').waitFor();
  await shoot(page, 'lab-pass-waits');
  await page.goto('/account');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await shoot(page, 'account-delete');
  for (const [name, path, ready] of [
    ['change-email', '/change-email#token=x.y', 'Use this address'],
    ['change-email-incomplete', '/change-email', 'This link is not complete'],
    ['support', '/support', 'What is it about?'],
    ['admin-no-access', '/admin', 'This is not yours to see'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(path);
    await page.getByText(ready).first().waitFor();
    await shoot(page, name);
  }
  await page.goto('/support');
  await page.getByLabel('Subject').fill('It does not start');
  await page.getByLabel('What is it about?').fill('The lab says that no place is free.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Your message is on its way').waitFor();
  await shoot(page, 'support-sent');
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Prices' }).click();
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor({ timeout: 30_000 });
  await shoot(page, 'server-away');
});

test('administration', async () => {
  const [running, building, waiting] = [await newcomer(stage), await newcomer(stage), await newcomer(stage)];
  const records = new SessionRecords(stage.database, await startSession(running, 'ckad-mock-01'));
  await records.initialize();
  await records.ready();
  await records.run(60 * MINUTE, 40 * MINUTE);
  const inProgress = new SessionRecords(stage.database, await startSession(building, 'ckad-mock-01'));
  await inProgress.initialize();
  await inProgress.progress({ step: 'admitted', durationMs: 10 }, { step: 'control_plane' });
  await startSession(waiting, 'ckad-mock-01');
  const { id: userId } = await userOf(running, stage.database);
  await insertPass(stage.database.manager, userId);
  await insertPayment(stage.database.manager, userId);
  const { page } = await administrator(stage);
  await page.goto('/admin');
  const row = page.getByRole('row').filter({ hasText: running.email });
  await row.waitFor();
  await shoot(page, 'admin-sessions');
  await row.getByRole('button', { name: /Manage/ }).click();
  await shoot(page, 'admin-session-deed', false);
  await page.getByRole('dialog').getByLabel('Reason').fill('A fire alarm.');
  await page.getByRole('dialog').getByRole('button', { name: 'Give more time' }).click();
  await page.getByText('It was not done').waitFor();
  await shoot(page, 'admin-session-deed-refused', false);
  await page.keyboard.press('Escape');
  for (const [name, path, ready] of [
    ['admin-hosts', '/admin/installation', 'Drain'],
    ['admin-users', '/admin/users', running.email],
    ['admin-user', `/admin/users/${userId}`, '38 Hours Access Pass'],
    ['admin-payments', '/admin/payments', running.email],
    ['admin-audit', '/admin/audit', 'A fire alarm.'],
    ['admin-mails', '/admin/mails', 'Read'],
  ] as const) {
    await page.goto(path);
    await page.getByText(ready).first().waitFor();
    await shoot(page, name);
  }
  await page
    .getByRole('button', { name: /^Read / })
    .first()
    .click();
  await page.locator('.letter').waitFor();
  await shoot(page, 'admin-mail', false);
  await page.goto('/admin/installation');
  await page.getByRole('button', { name: 'Drain' }).first().click();
  await shoot(page, 'admin-drain', false);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Refuse new sessions' }).click();
  await page.getByLabel('What candidates are told').fill('We move to larger machines until four.');
  await shoot(page, 'admin-maintenance-deed', false);
  await page.getByRole('dialog').getByRole('button', { name: 'Refuse new sessions' }).click();
  await page.getByText('New sessions are refused.').waitFor();
  await shoot(page, 'admin-maintenance');
});
