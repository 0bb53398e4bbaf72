/** The result of an exam, looked through: checks, evidence, solutions, recordings, paper. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { newcomer } from './person.ts';
import { SessionRecords } from './records.ts';
import { finishResult } from './results.ts';
import { openStage, type Stage } from './stage.ts';
import { startSession, type Person } from './visitor.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function reviewed(): Promise<Person & { records: SessionRecords }> {
  const person = await newcomer(stage);
  const records = new SessionRecords(stage.database, await startSession(person, 'ckad-mock-01'));
  await records.initialize();
  await records.ready();
  await records.run(30 * 60_000, 4 * 60_000);
  await records.recording(
    'first words\r\n',
    '\x1b]8;;https://evil.example\x1b\\second words\x1b]8;;\x1b\\\r\n',
    '<img src=x onerror="window.hacked=1">\r\n',
  );
  await records.end('submitted');
  await records.attempt({ state: 'grading' });
  await finishResult(records, 0);
  await person.page.goto(`/sessions/${records.id}`);
  await person.page.getByRole('heading', { level: 1, name: /Not passed/ }).waitFor();
  return { ...person, records };
}

test('checks, evidence and solutions of each task are there, by mouse and for axe', async () => {
  const { page, faults } = await reviewed();
  await page.getByText('A canary beside the ferry').click();
  await page.getByText('What it found').filter({ visible: true }).nth(1).click();
  await page.getByText('The selector of the Service still names').waitFor();
  await page.getByText('Solution', { exact: true }).filter({ visible: true }).first().click();
  await page.getByText('What one could have typed').waitFor();
  await page.getByRole('button', { name: 'With points lost' }).click();
  expect(await page.getByText('A catalogue with too many rights').count()).toBe(0);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('a recording is played, paused, and gone back and forth in; what it shows is inert', async () => {
  const { page, faults } = await reviewed();
  await page.getByRole('button', { name: /Play Terminal main/ }).click();
  const player = page.getByRole('group', { name: 'Terminal main' });
  const screen = player.locator('.xterm-rows');
  await player.getByRole('button', { name: '8×' }).click();
  await screen.getByText('second words').waitFor();
  await player.getByRole('button', { name: 'Play' }).waitFor();
  await screen.getByText('onerror').waitFor();
  await expectAccessible(page);
  const position = player.getByRole('slider', { name: 'Position' });
  await position.fill('1000');
  await screen.getByText('second words').waitFor({ state: 'detached' });
  await screen.getByText('first words').waitFor();
  await position.press('ArrowRight');
  await screen.getByText('second words').waitFor();
  await player.getByRole('button', { name: 'Play' }).click();
  await screen.getByText('onerror').waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(faults).toEqual([]);
});

test('on paper it is whole: every check, whatever was open, and nothing to press', async () => {
  const { page } = await reviewed();
  await page.emulateMedia({ media: 'print' });
  await expect.poll(() => page.getByText('The readiness probe asks for').isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
  expect(await page.getByRole('banner').isVisible()).toBe(false);
});
