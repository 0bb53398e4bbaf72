/** A pass and a desktop in a real browser on the whole system: bought in the sandbox, a full lab, worked in by mouse, handed in, graded. */
import { arrive, PASSWORD, type Person } from '../browser/visitor.ts';
import { ensureBrowser } from '@ckx/toolchain';
import Docker from 'dockerode';
import { chromium, type Browser } from 'playwright-core';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { running } from './support.ts';

let browser: Browser;
beforeAll(async () => {
  const executablePath = await ensureBrowser(console.log);
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
afterAll(() => browser.close());

/** What the candidate's terminal holds, asked of the engine. */
async function fileOf(sessionId: string, path: string): Promise<string> {
  const exec = await new Docker().getContainer(`ckx-ssh-${sessionId}`).exec({ Cmd: ['cat', path], AttachStdout: true, Tty: true });
  return (await text(await exec.start({ Tty: true }))).trim();
}

/** Opens an account on the way to the prices, and buys the pass for a day and a half. */
async function buy({ page, email }: Person): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Prices' }).first().click();
  await page.getByRole('link', { name: 'Sign in to buy' }).first().click();
  await page.getByRole('link', { name: 'Create one' }).click();
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/pricing');
  await page.getByRole('button', { name: 'Buy 38 Hours Access Pass' }).click();
  await page.getByText('SANDBOX: this is not a real checkout').waitFor();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByText('Your pass is there').waitFor();
}

it('is bought by a visitor, and used by mouse', async () => {
  const visitor = await arrive(browser, (await running()).apiUrl);
  const { page, faults } = visitor;
  await buy(visitor);

  await page.getByRole('link', { name: 'See the full labs' }).click();
  await page.getByRole('link', { name: 'A full lab at a desktop' }).click();
  await page.getByRole('button', { name: 'Start this exam' }).click();
  await page.getByRole('button', { name: 'Start the pass and the lab' }).click();
  await page.waitForURL('**/sessions/*');
  const id = page.url().split('/').at(-1) ?? '';
  await page.getByRole('button', { name: 'Start the clock' }).click({ timeout: 90_000 });
  await page.getByRole('tab', { name: 'Desktop' }).click();
  const canvas = page.locator('.desktop-screen canvas');
  await canvas.waitFor({ timeout: 60_000 });
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
  await page.waitForTimeout(1_500);
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('No desktop is shown.');

  // Into its window with the mouse; what is typed there is done in the candidate's terminal.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect
    .poll(
      async () => {
        await page.keyboard.type('clear; for i in $(seq 30); do echo by-mouse; done; echo hello > ~/seen\n', { delay: 15 });
        await page.waitForTimeout(1_500);
        return fileOf(id, '/home/candidate/seen');
      },
      { timeout: 90_000 },
    )
    .toBe('hello');
  // What the mouse selects over there is on the clipboard here.
  await expect
    .poll(
      async () => {
        await page.mouse.move(box.x + 20, box.y + 60);
        await page.mouse.down();
        await page.mouse.move(box.x + 400, box.y + 250, { steps: 12 });
        await page.mouse.up();
        await page.waitForTimeout(1_000);
        return page.evaluate<string>('navigator.clipboard.readText()');
      },
      { timeout: 60_000 },
    )
    .toContain('by-mouse');

  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByRole('button', { name: 'Hand in now' }).click();
  await page.getByRole('heading', { level: 1, name: 'Passed: 100 %' }).waitFor({ timeout: 120_000 });
  expect(faults).toEqual([]);
  await visitor.context.close();
});
