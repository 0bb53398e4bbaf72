/** The dashboard, and the ways into a lab: with a pass, without one, with one that waits, for practice. */
import { AccessPassEntity, ExamSessionEntity } from '@ckx/persistence';
import { insertPass, insertRunningPass } from '@ckx/test-support/passes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { newcomer, userOf } from './person.ts';
import { SessionRecords } from './records.ts';
import { finishResult } from './results.ts';
import { openStage, type Stage } from './stage.ts';
import { startSession } from './visitor.ts';

const HOUR = 3_600_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const sessionOf = (id: string) =>
  stage.database.manager.findOneByOrFail(ExamSessionEntity, { id: new SessionRecords(stage.database, id).id });

describe('the dashboard', () => {
  test('of a new account says what to do, and has no fault that axe finds', async () => {
    const { page, faults } = await newcomer(stage);
    await page.waitForURL('**/dashboard');
    await page.getByText('You have no pass').waitFor();
    await page.getByText('Your scores will be drawn here').waitFor();
    await page.getByRole('button', { name: 'Start practising' }).waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  test('shows scores, weakest domains, attempts, and the one way back to a session that is open', async () => {
    const person = await newcomer(stage);
    const { page } = person;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const records = new SessionRecords(stage.database, await startSession(person, 'ckad-mock-01'));
      await records.initialize();
      await records.ready();
      await records.run(30 * 60_000, 20 * 60_000);
      await records.end('submitted');
      await records.attempt({ state: 'grading' });
      await finishResult(records, 0);
    }
    const open = new SessionRecords(stage.database, await startSession(person, 'ckad-mock-01'));
    await open.initialize();
    await open.ready();
    await open.run(2 * HOUR, 90 * 60_000);
    await page.goto('/dashboard');
    await page.getByRole('img', { name: /Scores of your last exams, oldest first: 50 %, 50 %/ }).waitFor();
    const weakest = page.getByRole('region', { name: 'Weakest domains' }).getByRole('listitem');
    expect(await weakest.first().textContent()).toContain('0 %');
    expect(await page.getByRole('region', { name: 'Recent attempts' }).getByRole('listitem').count()).toBe(3);
    await expect.poll(() => page.getByRole('timer').textContent()).toMatch(/^1:(29|30):\d\d$/);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Go back to it' }).click();
    await page.waitForURL(`**/sessions/${open.id}`);
  });

  test('lets the time of a pass tick, and starts one that waits when its owner says so', async () => {
    const person = await newcomer(stage);
    const { page } = person;
    const { id: userId } = await userOf(person, stage.database);
    await insertPass(stage.database.manager, userId);
    await page.reload();
    await page.getByRole('button', { name: 'Start its time now' }).click();
    await page.getByRole('button', { name: 'Not yet' }).click();
    await page.getByRole('button', { name: 'Start its time now' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Start it', exact: true }).click();
    const timer = page.getByRole('timer');
    await timer.waitFor();
    const before = await timer.textContent();
    expect(before).toMatch(/^1 day 13:59:\d\d$/);
    await expect.poll(() => timer.textContent(), { timeout: 5_000 }).not.toBe(before);
    expect(await stage.database.manager.countBy(AccessPassEntity, { userId, status: 'activated' })).toBe(1);
    await expectAccessible(page);
  });

  test('notices by itself when a pass ends', async () => {
    const person = await newcomer(stage);
    const { id: userId } = await userOf(person, stage.database);
    await insertRunningPass(stage.database.manager, userId, { startsAt: Date.now() - HOUR, expiresAt: Date.now() + 6_000 });
    await person.page.reload();
    await person.page.getByRole('timer').waitFor();
    await person.page.getByText('You have no pass').waitFor({ timeout: 15_000 });
  });
});

describe('a full lab', () => {
  test('without a pass leads to the prices, with the reason', async () => {
    const { page } = await newcomer(stage);
    await page.goto('/labs/cka-full-01');
    await page.getByRole('button', { name: 'Start this exam' }).click();
    await page.waitForURL('**/pricing?lab=cka-full-01');
    await page.getByText('The lab that you asked for needs a pass').waitFor();
    expect(await page.getByText('Your last pass ended').count()).toBe(0);
    await expectAccessible(page);
  });

  test('with a pass that has just ended says when that was', async () => {
    const person = await newcomer(stage);
    const { id: userId } = await userOf(person, stage.database);
    await insertRunningPass(stage.database.manager, userId, { startsAt: Date.now() - HOUR, expiresAt: Date.now() - 1_000 });
    await person.page.goto('/labs/cka-full-01');
    await person.page.getByRole('button', { name: 'Start this exam' }).click();
    await person.page.getByText('Your last pass ended').waitFor();
  });

  test('asks before it begins the time of a pass that waits', async () => {
    const person = await newcomer(stage);
    const { page } = person;
    const { id: userId } = await userOf(person, stage.database);
    await insertPass(stage.database.manager, userId);
    await page.goto('/labs/cka-full-01');
    await page.getByRole('button', { name: 'Start this exam' }).click();
    await page.getByText('Start your pass now?').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Not now' }).click();
    expect(await stage.database.manager.countBy(AccessPassEntity, { userId, status: 'purchased' })).toBe(1);
    await page.getByRole('button', { name: 'Start this exam' }).click();
    await page.getByRole('button', { name: 'Start the pass and the lab' }).click();
    await page.waitForURL('**/sessions/*');
    expect(await stage.database.manager.countBy(AccessPassEntity, { userId, status: 'activated' })).toBe(1);
  });
});

describe('practice', () => {
  test('is chosen on the page of the lab', async () => {
    const { page } = await newcomer(stage);
    await page.goto('/labs/ckad-mock-01');
    await page.getByLabel(/Practice/).check();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Start practising' }).click();
    await page.waitForURL('**/sessions/*');
    expect((await sessionOf(page.url().split('/').at(-1) ?? '')).mode).toBe('practice');
  });

  test('of a few tasks of one domain is drawn from the dashboard', async () => {
    const { page } = await newcomer(stage);
    await page.getByLabel('Lab').selectOption('ckad-mock-01');
    await page.getByLabel('Tasks', { exact: true }).selectOption('Application Deployment');
    await page.getByLabel('How many').selectOption('1');
    await page.getByRole('button', { name: 'Start practising' }).click();
    await page.waitForURL('**/sessions/*');
    const { mode, lab } = await sessionOf(page.url().split('/').at(-1) ?? '');
    expect([mode, lab.questions.map(({ domain }) => domain)]).toEqual(['practice', ['Application Deployment']]);
  });
});
