import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

export const FOLDER = resolve(import.meta.dirname, '../../bench/screens');
export const WIDTHS = [360, 1024, 1920] as const;
export const THEMES = ['light', 'dark'] as const;

/** Pictures of the page as it is, in each width and theme. @param whole to the foot of the page; otherwise what a window shows. */
export async function shoot(page: Page, name: string, whole = true): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : width === 1024 ? 768 : 1080 });
      await page.waitForTimeout(60);
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${theme}.png`), fullPage: whole, timeout: 60_000 });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
