/** The administration: who may see it, and what is done with it. The engine does not answer here: what is asked of it is on record, and said. */
import { WARM_POOL_SETTING } from '@ckx/contracts';
import {
  AccessPassEntity,
  AuditEntity,
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  SettingEntity,
  UserEntity,
} from '@ckx/persistence';
import { insertPayment } from '@ckx/test-support/passes';
import { insertEnvironment, insertHost } from '@ckx/test-support/records';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { administrator, newcomer, userOf } from './person.ts';
import { SessionRecords } from './records.ts';
import { openStage, type Stage } from './stage.ts';
import { startSession } from './visitor.ts';

const MINUTE = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ TEMPORAL_CONSOLE_URL: 'http://console.example' });
});
afterAll(() => stage.close());

/** In the dialog that is open. */
async function doIt(page: Page, label: string, reason: string, name = 'Reason'): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name }).fill(reason);
  await dialog.getByRole('button', { name: label }).click();
}

test('is not for candidates, who are not shown the way to it', async () => {
  const { page } = await newcomer(stage);
  expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
  for (const path of ['/admin', '/admin/sessions', '/admin/users/1', '/admin/nothing']) {
    await page.goto(path);
    await page.getByText('This is not yours to see').waitFor();
  }
  await expectAccessible(page);
});

test('sessions: what is live, with its step, deadline and console; time is given, sessions are ended, refusals are told', async () => {
  const [running, building, waiting] = [await newcomer(stage), await newcomer(stage), await newcomer(stage)];
  const records = new SessionRecords(stage.database, await startSession(running, 'ckad-mock-01'));
  await records.initialize();
  await records.ready();
  await records.run(60 * MINUTE, 40 * MINUTE);
  const inProgress = new SessionRecords(stage.database, await startSession(building, 'ckad-mock-01'));
  await inProgress.initialize();
  await inProgress.progress({ step: 'admitted', durationMs: 10 }, { step: 'control_plane' });
  await startSession(waiting, 'ckad-mock-01');

  const { page, faults } = await administrator(stage);
  await page.getByRole('link', { name: 'Administration' }).click();
  const row = (email: string) => page.getByRole('row').filter({ hasText: email });
  await expect.poll(() => row(running.email).textContent()).toMatch(/Running.*39:\d\d/);
  expect(await row(building.email).textContent()).toContain('Kubernetes API answers');
  expect(await row(waiting.email).textContent()).toContain('place 1');
  expect(await row(running.email).getByRole('link', { name: 'Console' }).getAttribute('href')).toBe(
    `http://console.example/namespaces/default/workflows/exam-session%2F${records.id}`,
  );
  await expectAccessible(page);

  await row(running.email)
    .getByRole('button', { name: /Manage/ })
    .click();
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('spinbutton', { name: 'Minutes' }).fill('7');
  await doIt(page, 'Give more time', 'A fire alarm.');
  // The engine is away: its refusal is shown in the API's words, and the dialog stays.
  await page.getByRole('dialog').getByRole('alert').getByText('It was not done').waitFor();
  expect(await page.getByRole('dialog').getByRole('alert').textContent()).toMatch(/Temporal|engine/i);
  await page.getByRole('dialog').getByLabel('End it').check();
  await doIt(page, 'End it', 'The room is closed.');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const deeds = await stage.database.manager.find(AuditEntity, { where: { targetId: records.id }, order: { id: 'ASC' } });
  expect(deeds).toMatchObject([
    { action: 'session.extend', reason: 'A fire alarm.', data: { minutes: 7 } },
    { action: 'session.terminate', reason: 'The room is closed.' },
  ]);
  const { terminateRequestedAt } = await stage.database.manager.findOneByOrFail(ExamSessionEntity, { id: records.id });
  expect(terminateRequestedAt).not.toBeNull();
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByText('The room is closed.').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('hosts are drained and taken back, ports counted, new sessions refused and taken again', async () => {
  const id = await insertHost(stage.database.manager);
  const { page } = await administrator(stage);
  await insertEnvironment(stage.database.manager, { hostId: id, subnet: '10.214.9.0/26', state: 'ready', readyAt: new Date() });
  await stage.database.manager.upsert(SettingEntity, { name: WARM_POOL_SETTING, value: { size: 2 } }, ['name']);
  await page.goto('/admin/installation');
  await page.getByRole('region', { name: 'Warm pool' }).getByText('1 of 2 ready').waitFor();
  const host = page.getByRole('region', { name: 'Hosts' }).getByRole('listitem').filter({ hasText: id });
  const state = async () => (await stage.database.manager.findOneByOrFail(HostEntity, { id })).drainRequestedAt !== null;
  await host.getByRole('button', { name: 'Drain' }).click();
  await doIt(page, 'Drain', 'A new kernel.');
  await host.getByText('Drains').waitFor();
  expect(await state()).toBe(true);
  await expectAccessible(page);
  await host.getByRole('button', { name: 'Take sessions again' }).click();
  await doIt(page, 'Take sessions again', 'It has one.');
  await host.getByText('Active').waitFor();
  expect(await state()).toBe(false);
  await page
    .getByText(/of [1-9]\d* taken/)
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'Refuse new sessions' }).click();
  await doIt(page, 'Refuse new sessions', 'We move to larger machines until four.', 'What candidates are told');
  await page.getByText('New sessions are refused.').waitFor();
  await page.getByRole('button', { name: 'Take new sessions again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take new sessions again' }).click();
  await page.getByText('Sessions start as usual.').waitFor();
});

test('who sits on a host is told of its maintenance, with what becomes of the clock, and that it is over', async () => {
  const candidate = await newcomer(stage);
  const records = new SessionRecords(stage.database, await startSession(candidate, 'ckad-mock-01'));
  await records.initialize();
  await records.ready();
  await candidate.page.getByRole('button', { name: 'Start the clock' }).waitFor();
  const { hostId } = await stage.database.manager.findOneByOrFail(EnvironmentEntity, { examSessionId: records.id });
  const { page } = await administrator(stage);
  await page.goto('/admin/installation');
  const host = page.getByRole('listitem').filter({ hasText: hostId });
  await host.getByRole('button', { name: 'Drain' }).click();
  await page.getByRole('textbox', { name: 'What those who sit on it are told' }).fill('New disks at <b>noon</b>.');
  await expectAccessible(page);
  await doIt(page, 'Drain', 'Ticket 7.');
  await host.getByText('Drains').waitFor();

  await candidate.page.getByText('New disks at <b>noon</b>.').waitFor();
  await expectAccessible(candidate.page);
  await records.run(60 * MINUTE, 40 * MINUTE);
  const news = candidate.page.getByRole('log');
  await news.getByText('New disks at <b>noon</b>.').waitFor();
  await news.getByText('your clock is given that time back').waitFor();
  expect(await candidate.page.getByText('Ticket 7.').count()).toBe(0);
  await candidate.page.reload();
  await news.getByText('Maintenance is planned').waitFor();
  await expectAccessible(candidate.page);
  await host.getByRole('button', { name: 'Take sessions again' }).click();
  await doIt(page, 'Take sessions again', 'It has them.');
  await news.getByText('The maintenance is over').waitFor();
  expect(await news.getByText('Maintenance is planned').count()).toBe(0);
  expect(candidate.faults).toEqual([]);
});

test('users are found, given passes and time, made administrators, disabled; each with its reason', async () => {
  const candidate = await newcomer(stage, '<b>Ada</b>');
  const { id: userId } = await userOf(candidate, stage.database);
  await insertPayment(stage.database.manager, userId);
  const { page, faults } = await administrator(stage);
  await page.goto('/admin/users');
  await page.getByLabel('Part of the e-mail address').fill(candidate.email.slice(0, 24));
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await expectAccessible(page);
  await page.getByRole('link', { name: candidate.email }).click();
  await page.getByText('<b>Ada</b>').waitFor();
  const user = () => stage.database.manager.findOneByOrFail(UserEntity, { id: userId });

  await page.getByRole('button', { name: 'Grant a pass' }).click();
  await page.getByRole('dialog').getByLabel('1 week').check();
  await doIt(page, 'Grant a pass', 'Won it.');
  await page.getByText('1 Week Access Pass').waitFor();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await doIt(page, 'Revoke', 'A mistake.');
  await page.getByText('Revoked').waitFor();
  expect(await stage.database.manager.findBy(AccessPassEntity, { userId, status: 'revoked' })).toHaveLength(1);

  await page.getByRole('button', { name: 'Set extra time' }).click();
  await page
    .getByRole('dialog')
    .getByLabel(/Percent/)
    .fill('50');
  await doIt(page, 'Set extra time', 'Entitled to it.');
  await page.getByText('50 % more time').waitFor();
  await page.getByRole('button', { name: 'Make an administrator' }).click();
  await doIt(page, 'Make an administrator', 'Joins the team.');
  await page.getByRole('button', { name: 'Make a candidate' }).waitFor();
  expect(await user()).toMatchObject({ role: 'admin', extraTimePercent: 50 });
  await page.getByRole('button', { name: 'Disable the account' }).click();
  await doIt(page, 'Disable the account', 'Left the team.');
  await page.getByRole('button', { name: 'Enable the account' }).waitFor();
  expect((await user()).disabledAt).not.toBeNull();
  await page.getByText('Left the team.').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);

  await page.goto('/admin/payments');
  await page.getByRole('link', { name: candidate.email }).waitFor();
  await expectAccessible(page);
  await page.getByLabel('Status').selectOption('Refunded');
  await page.getByText('Nothing here.').waitFor();
});

test('mails are read as text', async () => {
  const candidate = await newcomer(stage);
  await candidate.page.goto('/support');
  await candidate.page.getByRole('button', { name: 'Send' }).click();
  await candidate.page.getByText('Please fill this in.').first().waitFor();
  await expectAccessible(candidate.page);
  await candidate.page.getByLabel('Subject').fill('<script>window.hacked = 1</script>');
  await candidate.page.getByLabel('What is it about?').fill('It does not start.');
  await candidate.page.getByRole('button', { name: 'Send' }).click();
  await candidate.page.getByText('Your message is on its way').waitFor();
  const { page, faults } = await administrator(stage);
  await page.goto('/admin/mails');
  await page
    .getByRole('button', { name: /Read support_request/ })
    .first()
    .click();
  await page.getByRole('dialog').getByText('It does not start.').waitFor();
  await expectAccessible(page);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(faults).toEqual([]);
});
