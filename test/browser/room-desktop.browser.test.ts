/** The desktop in the exam room: a real one, made by the provider beside a real terminal. */
import { text } from 'node:stream/consumers';
import { testEngine, type TestEngine } from '@ckx/test-support/engine';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { withDesktop } from './desktop-environment.ts';
import { openRoomStage, type RoomStage } from './room-stage.ts';

let stage: RoomStage;
let engine: TestEngine;
beforeAll(async () => {
  stage = await openRoomStage();
  engine = await testEngine(stage.gatewayKey);
}, 300_000);
afterAll(async () => {
  await stage.close();
  await engine[Symbol.asyncDispose]();
});

async function inside(id: string, script: string): Promise<string> {
  const exec = await engine.docker.getContainer(`ckx-ssh-${id}`).exec({ Cmd: ['bash', '-c', script], Tty: true, AttachStdout: true });
  return (await text(await exec.start({ hijack: true, stdin: false, Tty: true }))).replaceAll('\r', '').trim();
}

/** Types into the desktop's window until its shell has done it: keys that come before there is a shell are lost, as a person sees and does. */
async function typed(page: Page, id: string, command: string, file: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.keyboard.type(`${command}; touch /tmp/exam/${file}\n`, { delay: 15 });
        await page.waitForTimeout(1_500);
        return inside(id, `ls /tmp/exam/${file} 2>/dev/null`);
      },
      { timeout: 90_000 },
    )
    .toBe(`/tmp/exam/${file}`);
}

/** Somebody who has opened the desktop. */
async function atDesktop() {
  const { page, person, records } = await stage.sit({ make: withDesktop(engine) });
  const { id } = records;
  await page.getByRole('tab', { name: 'Desktop' }).click();
  const canvas = page.locator('.desktop-screen canvas');
  await canvas.waitFor({ timeout: 30_000 });
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
  await page.waitForTimeout(1_500);
  const [picture, pane] = [await canvas.boundingBox(), await page.locator('.desktop-screen').boundingBox()];
  return { page, person, id, picture, pane };
}

test('is used by keyboard and mouse, fits its pane, and is there again after a loss', async () => {
  const { page, person, id, picture, pane } = await atDesktop();
  expect(picture?.width ?? 0).toBeGreaterThan((pane?.width ?? 0) * 0.9);
  expect(picture?.width ?? 0).toBeLessThanOrEqual((pane?.width ?? 0) + 1);
  expect(picture?.height ?? 0).toBeLessThanOrEqual((pane?.height ?? 0) + 1);

  await page.mouse.click((picture?.x ?? 0) + 200, (picture?.y ?? 0) + 150);
  await typed(page, id, 'id -un > /tmp/exam/who', 'typed');
  expect(await inside(id, 'cat /tmp/exam/who')).toBe('candidate');

  await stage.killGateway();
  await page.getByText('The desktop cannot be reached').waitFor();
  await stage.startGateway();
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden', timeout: 60_000 });
  await page.mouse.click((picture?.x ?? 0) + 200, (picture?.y ?? 0) + 150);
  await typed(page, id, 'true', 'again');

  // The keys of the room work in it too, and no modifier stays down behind them.
  await page.keyboard.press('Alt+1');
  await page.getByRole('tab', { name: 'Terminal 1', selected: true }).waitFor();
  await page.keyboard.press('Alt+2');
  await page.getByRole('tab', { name: 'Desktop', selected: true }).waitFor();
  await typed(page, id, 'true', 'after-keys');
  await expectAccessible(page);
  // What the viewer logs of the loss that was made.
  expect(person.faults.filter((fault) => !fault.includes('Connection closed (code: 1006)'))).toEqual([]);
}, 300_000);

test('shares the clipboard, both ways', async () => {
  const { page, id, picture } = await atDesktop();
  await page.mouse.click((picture?.x ?? 0) + 200, (picture?.y ?? 0) + 150);
  await typed(page, id, 'true', 'begun');
  await page.evaluate(`navigator.clipboard.writeText('touch /tmp/exam/pasted')`);
  const pasted = async () => {
    await page.getByRole('button', { name: 'Put on the desktop’s clipboard' }).click();
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+Shift+V');
    // The desktop asks for the text when it is pasted, and keys do not wait for the answer.
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1_000);
    return inside(id, 'ls /tmp/exam/pasted 2>/dev/null');
  };
  await expect.poll(pasted, { timeout: 60_000 }).toBe('/tmp/exam/pasted');
  await typed(page, id, 'clear; echo is copied-out', 'shown');
  const selected = async () => {
    await page.mouse.move((picture?.x ?? 0) + 20, (picture?.y ?? 0) + 40);
    await page.mouse.down();
    await page.mouse.move((picture?.x ?? 0) + 500, (picture?.y ?? 0) + 250, { steps: 12 });
    await page.mouse.up();
    await page.waitForTimeout(1_000);
    return page.evaluate<string>('navigator.clipboard.readText()');
  };
  await expect.poll(selected, { timeout: 60_000 }).toContain('copied-out');
}, 300_000);

test('a session without one has no tab for it', async () => {
  const { page } = await stage.sit();
  expect(await page.getByRole('tab').count()).toBe(1);
});
