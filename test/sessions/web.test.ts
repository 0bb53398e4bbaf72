/** The main job in a real browser on the whole system: from the first visit over tasks that are solved by typing to the graded result. */
import { arrive, register, startSession, type Person } from '../browser/visitor.ts';
import { ensureBrowser } from '@ckx/toolchain';
import Docker from 'dockerode';
import { chromium, type Browser } from 'playwright-core';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kill, running, solution } from './support.ts';

const LAB = 'ckad-mock-01';
/** Two of the five tasks: 20 and 25 points of 100. */
const SOLVED = ['weather-desk', 'catalog-rights'];

let browser: Browser;
beforeAll(async () => {
  const executablePath = await ensureBrowser(console.log);
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
afterAll(() => browser.close());

/** What a file of the candidate's terminal holds, asked of the engine: the browser is not the one to say so. */
async function fileOf(sessionId: string, path: string): Promise<string> {
  const terminal = new Docker().getContainer(`ckx-ssh-${sessionId}`);
  const exec = await terminal.exec({ Cmd: ['cat', path], AttachStdout: true, Tty: true });
  return (await text(await exec.start({ Tty: true }))).trim();
}

/** Types into the terminal as if it had the keyboard. A script is put in as a paste would be. */
async function type({ page }: Person, line: string): Promise<void> {
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
}

it('is done by a visitor, whose shell outlives the gateway', async () => {
  const visitor = await arrive(browser, (await running()).apiUrl);
  const { page, faults } = visitor;
  await register(visitor);
  const id = await startSession(visitor, LAB);
  await page.getByRole('button', { name: 'Start the clock' }).click({ timeout: 90_000 });
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.locator('.xterm-helper-textarea').waitFor();

  await type(visitor, 'answer=$((6 * 7)); echo "$answer" > answer');
  await expect.poll(() => fileOf(id, '/home/candidate/answer'), { timeout: 20_000 }).toBe('42');
  await kill('gateway');
  await page.locator('.xterm-helper-textarea').waitFor();
  // Typed when the terminal is there again; the shell still knows what it knew.
  await expect
    .poll(
      async () => {
        await type(visitor, 'echo "kept $answer" > kept');
        return fileOf(id, '/home/candidate/kept');
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBe('kept 42');

  for (const question of SOLVED) {
    const script = Buffer.from(await solution(LAB, question)).toString('base64');
    await type(visitor, `echo ${script} | base64 -d > ${question}.sh && bash ${question}.sh; echo "$?" > ${question}.done`);
    await expect.poll(() => fileOf(id, `/home/candidate/${question}.done`), { timeout: 90_000 }).toBe('0');
  }
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByRole('button', { name: 'Hand in now' }).click();
  const verdict = page.getByRole('heading', { level: 1, name: /assed: / });
  await verdict.waitFor({ timeout: 90_000 });
  expect(await verdict.textContent()).toMatch(/^Not passed: 45 % /);
  expect(faults).toEqual([]);
  await visitor.context.close();
});
