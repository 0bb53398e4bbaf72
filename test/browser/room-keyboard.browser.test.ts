/** A whole exam by the keyboard alone: from the first page to the result, nothing is clicked. */
import { testTemporal } from '@ckx/test-support';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorkers, type Workers } from '../../apps/api/test/workers.ts';
import { SessionRecords } from './records.ts';
import { openRoomStage, type RoomStage } from './room-stage.ts';
import { atTerminal, expectFile, typeLine } from './terminal-typing.ts';
import { arrive, PASSWORD } from './visitor.ts';

let stage: RoomStage;
let workers: Workers;
beforeAll(async () => {
  const temporal = await testTemporal();
  stage = await openRoomStage({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, START_GRACE_MS: '3600000' });
  workers = await startWorkers(temporal, stage.database, () => Promise.resolve());
});
afterAll(async () => {
  await workers.stop();
  await stage.close();
});

/** Goes on by Tab to the control of this name. @throws where that leads nowhere. */
async function tabTo(page: Page, name: string): Promise<void> {
  await page.getByText(name).first().waitFor();
  for (let steps = 0; steps < 80; steps += 1) {
    // A page that takes the keyboard when it opens holds all words, and is no control.
    const at = await page.evaluate<string>(
      `document.activeElement?.matches('a[href], button, input, select, textarea, [role=tab]')
        ? (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').trim() : ''`,
    );
    if (at.includes(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No way by Tab to "${name}" on ${page.url()}.`);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

test('from the landing page to the result', async () => {
  const person = await arrive(stage.browser, stage.url);
  const { page } = person;
  await page.goto('/register?next=/labs/api-mock');
  await page.getByLabel('Name').waitFor();
  await page.getByLabel('Name').focus();
  for (const text of ['Ada Lovelace', person.email, PASSWORD]) {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  }
  await press(page, 'Create the account');
  await page.waitForURL('**/labs/api-mock');
  await press(page, 'Start this exam');
  await page.waitForURL(/\/sessions\//);
  await page.getByRole('button', { name: 'Start the clock' }).waitFor({ timeout: 60_000 });
  await stage.bind(new SessionRecords(stage.database, page.url().split('/').at(-1) ?? ''));
  await press(page, 'Start the clock');
  await page.getByRole('tab', { name: 'Terminal 1' }).waitFor();

  await page.keyboard.press('F6');
  await atTerminal(page);
  await typeLine(page, 'echo hello > greeting.txt');
  await expectFile(stage, 'greeting.txt', 'hello');
  await page.keyboard.press('F6');
  await page.keyboard.press('f');
  await page.getByText('Flagged').first().waitFor();
  await page.keyboard.press('e');
  await page.keyboard.type('looked at; not sure');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.getByRole('tab', { name: 'Terminal 2', selected: true }).waitFor();
  await atTerminal(page);
  await page.keyboard.press('Alt+1');
  await page.getByRole('tab', { name: 'Terminal 1', selected: true }).waitFor();
  await page.keyboard.press('F6');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys of the exam room' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('h');
  await page.getByRole('heading', { name: 'You flagged 1' }).waitFor();
  await press(page, 'Hand in now');
  await page.getByRole('heading', { level: 1, name: /assed: / }).waitFor({ timeout: 60_000 });
  expect(person.faults).toEqual([]);
}, 240_000);
