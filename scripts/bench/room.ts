/** What the exam room costs a browser, told by the browser itself: script that is loaded, tasks of the main thread in a flood, memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from '@ckx/persistence';
import { connectDocker, ensureBrowser, ensureEngine, ensureImages, imageVariables, startPostgres } from '@ckx/toolchain';
import { testEngine } from '@ckx/test-support/engine';
import type { CDPSession, Page } from 'playwright-core';
import { withDesktop } from '../../test/browser/desktop-environment.ts';
import { openRoomStage, type RoomStage } from '../../test/browser/room-stage.ts';
import { ensureWeb } from '../web/build.ts';

const OUTPUT_MIB = 5;
const WARM_UP_OPENINGS = 10;

export interface RoomFigures {
  /** Compressed bytes that arrived. */
  readonly script: { readonly landing: number; readonly room: number };
  /** While {@link OUTPUT_MIB} MiB are shown. */
  readonly flood: { readonly seconds: number; readonly longTasks: number; readonly longestMs: number };
  /** Of tabs that are opened and closed. */
  readonly terminals: Growth;
  /** Of connections to a terminal and a desktop that are lost and opened again. */
  readonly connections: Growth;
}

export interface Growth {
  readonly openings: number;
  readonly before: Held;
  readonly after: Held;
}

interface Held {
  readonly heapMib: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** @param openings of a terminal, each closed again. */
export async function measureRoom(openings: number, say: (line: string) => void, signal: AbortSignal): Promise<RoomFigures> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ckx-bench-room-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  cleanup.defer(() => postgres.stop());
  await runMigrations(postgres.url);
  const engine = await ensureEngine({ log: say });
  cleanup.defer(() => engine.release());
  const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
  // The desktop's host reads them from here.
  Object.assign(process.env, imageVariables(images));
  const stage = await openRoomStage(
    {},
    {
      databaseUrl: postgres.url,
      webDir: await ensureWeb(say),
      browser: await ensureBrowser(say),
      docker: connectDocker(engine.dockerHost),
      terminalImage: images.terminal,
    },
  );
  cleanup.defer(() => stage.close());

  const landing = await scriptOfLanding(stage);
  const { page } = await stage.sit();
  await atTerminal(page);
  // What is loaded after the rest: the graphics of the terminal.
  await sleep(2_000);
  const whole = await scriptOf(page);
  say(`script: landing ${kb(landing)}, exam room ${kb(whole - landing)} more`);
  signal.throwIfAborted();
  const flood = await measureFlood(stage, page);
  say(`${OUTPUT_MIB} MiB in ${flood.seconds.toFixed(1)} s: ${flood.longTasks} long tasks, the longest ${flood.longestMs.toFixed(0)} ms`);
  const terminals = await growthOver(page, openings, () => openAndClose(page, signal));
  say(`terminals: ${describeHeap(terminals)}`);
  await page.context().close();
  const host = cleanup.use(await testEngine(stage.gatewayKey));
  const { page: other } = await stage.sit({ make: withDesktop(host) });
  await other.keyboard.press('s');
  await other.locator('.desktop-screen canvas').waitFor();
  const connections = await growthOver(other, openings, () => loseAndFind(stage, other, signal));
  say(`connections: ${describeHeap(connections)}`);
  return { script: { landing, room: whole - landing }, flood, terminals, connections };
}

async function scriptOfLanding({ browser, url }: RoomStage): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'networkidle' });
  const bytes = await scriptOf(page);
  await context.close();
  return bytes;
}

/** Of everything that the page loaded, by its own account. A file that was in the cache counts as if it were not. */
const scriptOf = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
  );

async function atTerminal(page: Page): Promise<void> {
  await page.locator('.pane.active .pane-state').waitFor({ state: 'hidden' });
  await page.locator('.pane.active .xterm-helper-textarea').focus();
}

async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
}

async function measureFlood({ inside }: RoomStage, page: Page): Promise<RoomFigures['flood']> {
  await inside(`head -c ${(OUTPUT_MIB * 2 ** 20 * 3) / 4} /dev/urandom | base64 > flood.txt`);
  await page.evaluate(`
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  `);
  const begun = performance.now();
  await typeLine(page, 'cat flood.txt; touch flooded');
  while ((await inside('ls flooded 2>/dev/null')) === '') await sleep(50);
  const seconds = (performance.now() - begun) / 1_000;
  await sleep(1_000);
  const tasks = await page.evaluate<number[]>('window.longTasks');
  return { seconds, longTasks: tasks.length, longestMs: Math.max(0, ...tasks) };
}

async function growthOver(page: Page, openings: number, open: () => Promise<void>): Promise<Growth> {
  const devtools = await page.context().newCDPSession(page);
  for (let opening = 0; opening < WARM_UP_OPENINGS; opening += 1) await open();
  const before = await held(devtools);
  for (let opening = 0; opening < openings; opening += 1) await open();
  return { openings, before, after: await held(devtools) };
}

async function openAndClose(page: Page, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await page.getByRole('button', { name: 'New terminal' }).click();
  await page.getByRole('tab', { name: 'Terminal 2' }).waitFor();
  await atTerminal(page);
  await typeLine(page, 'exit');
  await page.getByRole('tab', { name: 'Terminal 2' }).waitFor({ state: 'hidden' });
}

async function loseAndFind(stage: RoomStage, page: Page, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  stage.cut();
  stage.mend();
  await page.locator('.pane-state').first().waitFor();
  while ((await page.locator('.pane-state').count()) > 0) await sleep(50);
  await page.locator('.desktop-screen canvas').waitFor();
}

export function describeHeap({ before, after }: Growth): string {
  const growth = after.heapMib - before.heapMib;
  return `${growth >= 0 ? '+' : ''}${growth.toFixed(2)} MiB on ${before.heapMib.toFixed(1)}`;
}

/** What is held once all that nobody needs is gone. */
async function held(devtools: CDPSession): Promise<Held> {
  for (let times = 0; times < 3; times += 1) {
    await devtools.send('HeapProfiler.collectGarbage');
    await sleep(500);
  }
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { heapMib: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

export const kb = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} kB`;
