/** `npm run screens`: the exam room with real shells behind it. */
import { randomUUID } from 'node:crypto';
import { CheckId } from '@ckx/contracts';
import { QuestionHelpEntity } from '@ckx/persistence';
import { testEngine } from '@ckx/test-support/engine';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { withDesktop } from './desktop-environment.ts';
import { openRoomStage, type RoomStage } from './room-stage.ts';
import { shoot } from './shoot.ts';
import { atTerminal, expectFile, typeLine } from './terminal-typing.ts';

let stage: RoomStage;
beforeAll(async () => {
  stage = await openRoomStage();
});
afterAll(() => stage.close());

const press = async (page: Page, ...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

test('work in progress', async () => {
  const { page } = await stage.sit();
  await press(page, 'F6');
  await atTerminal(page);
  await typeLine(page, 'clear; kubectl version --client; ls --color -la /; touch shown');
  await expectFile(stage, 'shown', '');
  await press(page, 'F6', 'f', 'n');
  await page.getByText('2 of 5 opened').waitFor();
  await press(page, 'e');
  await page.keyboard.type('The selector of the Service: look at it again.');
  await page.getByText('Saved', { exact: true }).waitFor();
  await shoot(page, 'room-note', false);
  await press(page, 'Escape', 's');
  await page.getByRole('tab', { name: 'Terminal 2', selected: true }).waitFor();
  await shoot(page, 'room-panes', false);
  await press(page, 'F6', 'a');
  await shoot(page, 'room-tasks-marked', false);
  await press(page, 'Escape', 'h');
  await shoot(page, 'room-hand-in-summary', false);
  await press(page, 'Escape', '?');
  await shoot(page, 'room-keys-all', false);
  await press(page, 'Escape', 's', 'w');
  await shoot(page, 'room-wide', false);
  await press(page, 'w');
  await page.getByRole('button', { name: 'Look of the terminals' }).click();
  await page.getByRole('radio', { name: 'Light' }).check();
  await shoot(page, 'room-look', false);
  await press(page, 'Escape');
  const second = await page.context().newPage();
  await second.goto(page.url());
  await page.getByRole('heading', { name: 'You went on in another window' }).waitFor();
  await shoot(page, 'room-elsewhere', false);
});

test('practice', async () => {
  const { page, records } = await stage.sit({ lab: 'practice-01', mode: 'practice' });
  await page.getByRole('button', { name: 'Show a hint' }).click();
  await page.getByText('Hint 1').waitFor();
  await shoot(page, 'room-practice', false);
  const checks = (['passed', 'failed'] as const).map((verdict, index) => ({
    id: CheckId.parse(['file-greets', 'file-is-short'][index]),
    description: ['The file says hello', 'It has one line'][index] ?? '',
    weight: 1,
    verdict,
    output: verdict === 'passed' ? '' : 'hello\nhello',
  }));
  const lastCheck = { position: 1, checks, earned: 1, possible: 2, checkedAt: new Date().toISOString() };
  const key = { examSessionId: records.id, position: 1 };
  await stage.database.manager.update(QuestionHelpEntity, key, { tries: 2, failedTries: 2, lastCheck });
  await records.event('checked', { position: 1, mark: randomUUID() });
  await page.getByText('1 of 2 points').waitFor();
  await page.getByRole('region', { name: 'Practice' }).getByText('Solution').click();
  await shoot(page, 'room-practice-checked', false);
});

test('desktop', async () => {
  await using engine = await testEngine(stage.gatewayKey);
  const { page } = await stage.sit({ make: withDesktop(engine) });
  await page.getByRole('tab', { name: 'Desktop' }).click();
  await page.locator('.desktop-screen canvas').waitFor({ timeout: 60_000 });
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
  await page.waitForTimeout(4_000);
  await shoot(page, 'room-desktop', false);
});

test('losses', async () => {
  const { page } = await stage.sit();
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
  await stage.killGateway();
  await page.getByText('Your terminal cannot be reached').waitFor();
  await shoot(page, 'room-terminal-lost', false);
  await stage.startGateway();
  await page.getByRole('button', { name: 'Your own SSH client' }).click();
  await page.getByText('Work in your own terminal').waitFor();
  await shoot(page, 'room-own-client', false);
});

test('ends', async () => {
  const { page } = await stage.sit({ leftMs: 15_000 });
  await page.getByRole('heading', { name: 'Time is up' }).waitFor({ timeout: 60_000 });
  await shoot(page, 'room-time-up', false);
});
