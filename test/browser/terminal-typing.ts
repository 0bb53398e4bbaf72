/** Typing into a terminal of the page, and what came of it: asked of the terminal itself, as the browser is not the one to say so. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RoomStage } from './room-stage.ts';

/** Types a line into whatever has the keyboard. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
}

/** Waits until the terminal at hand is connected and has the keyboard. */
export async function atTerminal(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(`document.activeElement?.className ?? ''`), { timeout: 10_000 }).toContain('xterm-helper-textarea');
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
}

/** Runs a command in the terminal at hand until it has done what it should: a shell that is just opened may not listen yet. */
export async function expectFile(stage: RoomStage, name: string, content: string | RegExp): Promise<void> {
  const read = () => stage.inside(`cat ${name} 2>&1`);
  if (typeof content === 'string') await expect.poll(read, { timeout: 15_000 }).toBe(content);
  else await expect.poll(read, { timeout: 15_000 }).toMatch(content);
}

/** Where the screen at hand begins. */
export async function screenAt(page: Page): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator('.pane.active .xterm-screen').boundingBox();
  if (box === null) throw new Error('No terminal is shown.');
  return box;
}
