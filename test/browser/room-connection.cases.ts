/** What the exam room does when the line, the servers, the clock, or somebody else end things. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import type { RoomStage } from './room-stage.ts';
import { atTerminal, expectFile, typeLine } from './terminal-typing.ts';
import { arrive, PASSWORD } from './visitor.ts';

const MINUTE_MS = 60_000;

const live = (page: Page) => page.getByText('Connected', { exact: true }).waitFor({ timeout: 90_000 });

async function toTerminal(page: Page): Promise<void> {
  if (!(await page.evaluate<boolean>(`document.activeElement.matches('.xterm-helper-textarea')`))) await page.keyboard.press('F6');
  await atTerminal(page);
}

/** @param given is asked when the tests begin. */
export function connectionCases(given: () => RoomStage): void {
  let stage: RoomStage;
  beforeAll(() => {
    stage = given();
  });

  /** A shell that knows something. */
  async function atWork(): Promise<Awaited<ReturnType<RoomStage['sit']>>> {
    const sitting = await stage.sit();
    await toTerminal(sitting.page);
    await typeLine(sitting.page, 'known=42; echo begun > begun');
    await expectFile(stage, 'begun', 'begun');
    return sitting;
  }

  async function goesOn(page: Page, name: string): Promise<void> {
    await live(page);
    await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden', timeout: 90_000 });
    await toTerminal(page);
    await typeLine(page, `echo "$known" > ${name}`);
    await expectFile(stage, name, '42');
  }

  test('20 s without a line: it is said, and everything goes on by itself', async () => {
    const { page, person } = await atWork();
    stage.cut();
    await person.context.setOffline(true);
    try {
      await page.getByText('No connection').waitFor();
      await page.waitForTimeout(20_000);
    } finally {
      stage.mend();
      await person.context.setOffline(false);
    }
    await goesOn(page, 'after-cut');
  });

  test('API and gateway are restarted in mid-exam: the shell goes on', async () => {
    const { page } = await atWork();
    await Promise.all([stage.stopApi(), stage.killGateway()]);
    await page.getByText('Your terminal cannot be reached').waitFor({ timeout: 30_000 });
    await page.getByText('No connection').waitFor({ timeout: 30_000 });
    await Promise.all([stage.startApi(), stage.startGateway()]);
    await goesOn(page, 'after-restart');
  });

  test('a second window takes over, and gives back', async () => {
    const { page, person } = await atWork();
    const second = await person.context.newPage();
    await second.goto(page.url());
    await second.getByRole('tab', { name: 'Terminal 1' }).waitFor();
    await page.getByRole('heading', { name: 'You went on in another window' }).waitFor();
    await goesOn(second, 'in-second');
    await page.getByRole('button', { name: 'Use them here' }).click();
    await second.getByRole('heading', { name: 'You went on in another window' }).waitFor();
    await goesOn(page, 'in-first');
    // Another computer is no window of this browser: there the gateway says so.
    const other = await arrive(stage.browser, stage.url);
    await other.page.goto(new URL(page.url()).pathname);
    await other.page.getByLabel('E-mail address').fill(person.email);
    await other.page.getByLabel('Password').fill(PASSWORD);
    await other.page.keyboard.press('Enter');
    await goesOn(other.page, 'elsewhere');
    await page.getByText('This was opened in another window.').waitFor();
    await page.getByRole('button', { name: 'Use it here' }).click();
    await other.page.getByText('This was opened in another window.').waitFor();
    await goesOn(page, 'back');
  });

  test('an administrator ends it while one types: the reason is said', async () => {
    const { page, records } = await atWork();
    const typing = page.keyboard.type('echo a long line that is being typed when the session is ended, and goes on for a while', {
      delay: 40,
    });
    await records.end('terminated_by_admin', 'The building is being <b>evacuated</b>.');
    await page.getByText('The building is being <b>evacuated</b>.').waitFor({ timeout: 20_000 });
    await typing.catch(() => undefined);
  });

  test('the clock ends it: time is up, in the room and in the terminal', async () => {
    const { page, records } = await stage.sit({ leftMs: 12_000 });
    await page.getByRole('heading', { name: 'Time is up' }).waitFor({ timeout: 30_000 });
    await page.getByText('The time of this session is over.').waitFor();
    await expectAccessible(page);
    await records.end('expired');
    await records.attempt({ state: 'grading' });
    await page.getByText('graded').first().waitFor();
  });

  // Not of 30 minutes: the lab is no longer than that.
  test.each([10, 5])('%i minutes before the end it is said, and time that is given is shown', async (minutes) => {
    const { page, records } = await stage.sit({ leftMs: minutes * MINUTE_MS + 15_000 });
    await page.getByRole('log').getByText(`${minutes} minutes left`).waitFor({ timeout: 30_000 });
    await records.give({ id: `extension-${minutes}`, kind: 'extension', milliseconds: 7 * MINUTE_MS, reason: 'A fire alarm.' });
    await page.getByText('You were given 7 min more').waitFor();
    await expect.poll(() => page.getByRole('timer').textContent()).toMatch(new RegExp(`^${minutes + 6}:`));
    await records.give({ id: `gap:${minutes}`, kind: 'credit', milliseconds: 42_000, reason: 'The host was away for 42 s.' });
    await page.getByText('You were given 42 s back').waitFor();
  });
}
