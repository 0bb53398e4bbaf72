/** Tasks in the exam room: what one marks and notes is the server's, and handing in says what was left. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import type { RoomStage } from './room-stage.ts';

const task = (page: Page, title: string | RegExp) => page.getByRole('heading', { level: 1, name: title }).waitFor();

/** @param given is asked when the tests begin. */
export function taskCases(given: () => RoomStage): void {
  let stage: RoomStage;
  beforeAll(() => {
    stage = given();
  });

  test('flags, notes and what was opened are there after a reload, and summed up before handing in', async () => {
    const { page, person } = await stage.sit();
    await page.getByText('1 of 5 opened').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Flagged', exact: false }).first().waitFor();
    await page.keyboard.press('n');
    await page.getByText('2 of 5 opened').waitFor();
    await page.keyboard.press('e');
    await page.getByLabel('Note to yourself').fill('try <b>again</b> with ferry-canary n f e');
    await page.getByText('Saved', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByLabel('Note to yourself').press('Escape');

    await page.reload();
    await page.getByText('2 of 5 opened').waitFor();
    await page.keyboard.press('a');
    const list = page.getByRole('dialog');
    await list.getByRole('button', { name: 'Flagged 1' }).click();
    expect(await list.getByRole('listitem').count()).toBe(1);
    await list.getByRole('button', { name: 'Not opened 3' }).click();
    expect(await list.getByRole('listitem').count()).toBe(3);
    await list.getByRole('button', { name: 'All 5' }).click();
    await list.getByRole('searchbox').fill('again</b>');
    expect(await list.getByRole('listitem').count()).toBe(1);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByText('Task 2 of 5').waitFor();

    await page.keyboard.press('h');
    const summary = page.getByRole('dialog');
    await summary.getByText('2 of 5', { exact: true }).waitFor();
    await summary.getByRole('heading', { name: 'You flagged 1' }).waitFor();
    await summary.getByRole('heading', { name: 'You did not open 3' }).waitFor();
    await expectAccessible(page);
    await summary.getByRole('button', { name: /^5 / }).click();
    await page.getByText('Task 5 of 5').waitFor();
    await page.getByText('3 of 5 opened').waitFor();
    expect(person.faults).toEqual([]);
  });

  test('a note that cannot be saved says so, and is saved when it can be', async () => {
    const { page } = await stage.sit();
    await task(page, /./);
    await page.keyboard.press('e');
    await stage.stopApi();
    try {
      await page.getByLabel('Note to yourself').fill('written while nobody answers');
      await page.getByText('Not saved yet').waitFor({ timeout: 30_000 });
    } finally {
      await stage.startApi();
    }
    await page.getByText('Saved', { exact: true }).waitFor({ timeout: 60_000 });
    await page.reload();
    await task(page, /./);
    await page.keyboard.press('e');
    await expect.poll(() => page.getByLabel('Note to yourself').inputValue()).toBe('written while nobody answers');
  });

  test('single letters are keys of the room until one turns them off', async () => {
    const { page } = await stage.sit();
    await page.getByText('Task 1 of 5').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Single letters are keys of the room' }).uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.waitForTimeout(300);
    await page.getByText('Task 1 of 5').waitFor();
    await page.reload();
    await page.getByText('Task 1 of 5').waitFor();
    await page.keyboard.press('n');
    await page.waitForTimeout(300);
    await page.getByText('Task 1 of 5').waitFor();
    await page.getByRole('button', { name: 'Keys' }).click();
    await page.getByRole('checkbox', { name: 'Single letters are keys of the room' }).check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.getByText('Task 2 of 5').waitFor();
  });

  test('every state of the room has no fault that axe finds', async () => {
    const { page, person } = await stage.sit();
    await page.getByText('1 of 5 opened').waitFor();
    await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
    await expectAccessible(page);
    for (const key of ['?', 't']) {
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    await page.keyboard.press('s');
    const second = page.getByRole('tab', { name: 'Terminal 2', selected: true });
    await second.waitFor();
    await page.keyboard.press('Control+Shift+F');
    await page.getByRole('searchbox', { name: 'Search in the terminal' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    for (const key of ['F2', 'Delete']) {
      await second.focus();
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    await page.getByRole('button', { name: 'Look of the terminals' }).click();
    await page.getByRole('radio', { name: 'Light' }).check();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Your own SSH client' }).click();
    await page.getByText('Work in your own terminal').waitFor();
    await expectAccessible(page);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await page.getByRole('heading', { name: 'You went on in another window' }).waitFor();
    await expectAccessible(page);
    await other.close();
    expect(person.faults).toEqual([]);
  });
}
