/** States of a session, by its records: each is shown, to be looked at or to be tried by axe. */
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { SessionRecords } from './records.ts';
import { finishResult, RESULTS } from './results.ts';
import type { Stage } from './stage.ts';
import { arrive, register, startSession, type Person } from './visitor.ts';

const MINUTE = 60_000;

/** Is given each state under its name. @param whole to the foot of the page; otherwise what a window shows. @default true */
export type Show = (page: Page, name: string, whole?: boolean) => Promise<void>;

/** @param stage is asked when a test runs. */
export function stateCases(stage: () => Stage, show: Show): void {
  async function open(): Promise<{ person: Person; page: Page; records: SessionRecords }> {
    const person = await arrive(stage().browser, stage().url);
    await register(person);
    const records = new SessionRecords(stage().database, await startSession(person, 'ckad-mock-01'));
    return { person, page: person.page, records };
  }

  test('a session that goes its way', async () => {
    const { person, records } = await open();
    const { page } = person;
    await records.wait('All places of this installation are taken; the next one that is free is yours.');
    await page.reload();
    await page.getByText('You are next').waitFor();
    await show(page, 'session-waiting');
    await records.initialize();
    await records.progress(
      { step: 'admitted', durationMs: 40 },
      { step: 'containers', durationMs: 812 },
      { step: 'control_plane', durationMs: 3640 },
      { step: 'node_ready' },
      { step: 'questions', done: 2, total: 5 },
    );
    await page.getByText('2 of 5').waitFor();
    await show(page, 'session-preparing');
    await records.ready();
    await page.getByRole('button', { name: 'Start the clock' }).waitFor();
    await show(page, 'session-ready');
    await records.run(30 * MINUTE, 24 * MINUTE);
    await page.getByText('Connected').waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await show(page, 'room', false);
    await page.keyboard.press('?');
    await show(page, 'room-keys', false);
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await show(page, 'room-tasks', false);
    await page.keyboard.press('Escape');
    await records.give({ id: 'extension-1', kind: 'extension', milliseconds: 5 * MINUTE, reason: 'A fire alarm.' });
    await records.give({ id: 'gap:host:1', kind: 'credit', milliseconds: 42_000, reason: 'The host was away for 42 s.' });
    await page.getByText('You were given 42 s back').waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('n');
    await show(page, 'room-time-given', false);
    await page.keyboard.press('t');
    await show(page, 'room-clock', false);
    await page.keyboard.press('Escape');
    await page.keyboard.press('h');
    await show(page, 'room-hand-in', false);
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
    await show(page, 'session-grading');
    await finishResult(records, 2);
    await page.getByText('Not passed').waitFor();
    await show(page, 'result');
    await page.getByText('A furnace that does not come up').click();
    await page.getByText('What it found').filter({ visible: true }).first().click();
    await show(page, 'result-open');
    await page.goto('/history');
    await page.getByText('Every').first().waitFor();
    await show(page, 'history');
  });

  test('sessions that end otherwise', async () => {
    const urgent = await open();
    await urgent.records.initialize();
    await urgent.records.ready();
    await urgent.records.run(30 * MINUTE, 5 * MINUTE + 1500);
    await urgent.person.page.getByText('5 minutes left').waitFor();
    await show(urgent.person.page, 'room-warning', false);
    await urgent.records.end('terminated_by_admin', 'The room has to be closed: the building is being evacuated.');
    await urgent.person.page.getByText('An administrator ended').waitFor();
    await show(urgent.person.page, 'session-ended-by-admin');

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
    await show(failing.person.page, 'session-failed');

    const lost = await open();
    await lost.records.initialize();
    await lost.records.ready();
    await lost.records.run(30 * MINUTE, MINUTE);
    await lost.records.end('expired');
    await lost.records.attempt({ state: 'grading_failed' });
    await lost.person.page.getByText('It could not be graded').waitFor();
    await show(lost.person.page, 'session-grading-failed');
  });

  test('a room without a server', async () => {
    const { person, records } = await open();
    const { page } = person;
    await records.initialize();
    await records.ready();
    await records.run(30 * MINUTE, 20 * MINUTE);
    await page.getByText('Connected', { exact: true }).waitFor();
    await stage().stopApi();
    try {
      await page.getByText('No connection').waitFor({ timeout: 30_000 });
      await show(page, 'room-connection-lost', false);
    } finally {
      await stage().startApi();
    }
    await page.getByText('Connected', { exact: true }).waitFor({ timeout: 30_000 });
  });

  test('sessions that were given up, left alone, and taken back', async () => {
    const given = await open();
    await given.page.getByRole('button', { name: 'Give it up' }).waitFor();
    await given.records.end('cancelled');
    await given.page.getByText('You gave this session up').waitFor();
    await show(given.page, 'session-given-up');

    const left = await open();
    await left.records.initialize();
    await left.records.ready();
    await left.records.run(30 * MINUTE, 20 * MINUTE);
    await left.records.end('abandoned');
    await left.page.getByText('This session was abandoned').waitFor();
    await show(left.page, 'session-abandoned');

    const voided = await open();
    await voided.records.initialize();
    await voided.records.ready();
    await voided.records.run(30 * MINUTE, 4 * MINUTE);
    await voided.records.end('submitted');
    await voided.records.attempt({ state: 'void' });
    await voided.page.getByText('This attempt is void').waitFor();
    await show(voided.page, 'session-void');

    const passed = await open();
    await passed.records.initialize();
    await passed.records.ready();
    await passed.records.run(30 * MINUTE, 4 * MINUTE);
    await passed.records.end('expired');
    await passed.records.attempt({ state: 'grading' });
    await finishResult(passed.records, 0, { percent: 86, passed: true });
    await passed.page.getByRole('heading', { level: 1, name: /^Passed/ }).waitFor();
    await show(passed.page, 'result-passed');
  });

  test('maintenance, before and in the room', async () => {
    const { page, records } = await open();
    await records.initialize();
    await records.event('maintenance', { on: true, message: 'The machine gets new disks at noon.' });
    await records.ready();
    await page.getByText('The machine gets new disks at noon.').waitFor();
    await show(page, 'session-ready-maintenance');
    await records.run(30 * MINUTE, 10 * MINUTE + 15_000);
    await page.getByRole('log').getByText('10 minutes left').waitFor({ timeout: 60_000 });
    await show(page, 'room-maintenance', false);
    await records.event('maintenance', { on: false });
    await page.getByText('The maintenance is over').waitFor();
    await show(page, 'room-maintenance-over', false);
  });
}
