/** What a first visit costs a browser: script that is loaded, when the page is seen and when it answers; what each further page adds. */
import { ensureBrowser } from '@ckx/toolchain';
import { chromium, type Browser } from 'playwright-core';
import { z } from 'zod';
import { startPlane } from '../../test/schema/plane.ts';
import { ensureWeb } from '../web/build.ts';
import { webWeights, type Weights } from '../web/weight.ts';
import { spreadOf, type Spread } from './statistics.ts';

/** Of a machine like this one; a middling phone is about that slow. */
export const CPU_SLOWDOWN = 4;
/** After this long without a long task and without a request the page is taken to be at rest. */
const REST_MS = 1_500;
const TIMEOUT_MS = 120_000;

/** Milliseconds from the start of the navigation. */
const Visit = z.object({
  firstPaintMs: z.number(),
  largestPaintMs: z.number(),
  /** Painted, and no task of 50 ms or more comes after it: a click is answered at once. */
  interactiveMs: z.number(),
  /** What tasks took beyond 50 ms each, from the first paint on. */
  blockedMs: z.number(),
  layoutShift: z.number(),
  scriptBytes: z.number(),
  requests: z.number(),
});
type Visit = z.infer<typeof Visit>;

export interface WebFigures {
  readonly visits: number;
  readonly of: Readonly<Record<keyof Visit, Spread>>;
  readonly first: Weights;
  readonly pages: ReadonlyMap<string, Weights>;
}

/** In the page, before anything of it runs. */
const OBSERVE = `
  window.__seen = { tasks: [], shift: 0, largest: 0 };
  const watch = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  watch('longtask', ({ startTime, duration }) => __seen.tasks.push([startTime, duration]));
  watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) __seen.shift += value; });
  watch('largest-contentful-paint', ({ startTime }) => { __seen.largest = startTime; });`;

const READ = `(() => {
  const { tasks, shift, largest } = __seen;
  const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const after = tasks.filter(([start, duration]) => start + duration > painted);
  const loaded = performance.getEntriesByType('resource');
  return {
    firstPaintMs: painted,
    largestPaintMs: largest,
    interactiveMs: Math.max(painted, ...after.map(([start, duration]) => start + duration)),
    blockedMs: after.reduce((sum, [, duration]) => sum + duration - 50, 0),
    layoutShift: shift,
    scriptBytes: loaded.filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    requests: loaded.length + 1,
  };
})()`;

/** Opens the landing page anew, with nothing kept, as often as is said. */
export async function measureWeb(visits: number, say: (line: string) => void, signal: AbortSignal): Promise<WebFigures> {
  await using cleanup = new AsyncDisposableStack();
  const webDir = await ensureWeb(say);
  const executablePath = await ensureBrowser(say);
  const plane = cleanup.use(await startPlane({ CKX_WEB_DIR: webDir }, say));
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  cleanup.defer(() => browser.close());
  await visit(browser, plane.apiUrl);
  const all: Visit[] = [];
  for (let count = 1; count <= visits; count += 1) {
    signal.throwIfAborted();
    const one = await visit(browser, plane.apiUrl);
    say(`visit ${count} of ${visits}: interactive after ${Math.round(one.interactiveMs)} ms`);
    all.push(one);
  }
  const of = (figure: keyof Visit) => spreadOf(all.map((one) => one[figure]));
  return {
    visits,
    of: {
      firstPaintMs: of('firstPaintMs'),
      largestPaintMs: of('largestPaintMs'),
      interactiveMs: of('interactiveMs'),
      blockedMs: of('blockedMs'),
      layoutShift: of('layoutShift'),
      scriptBytes: of('scriptBytes'),
      requests: of('requests'),
    },
    ...(await webWeights(webDir)),
  };
}

async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    const protocol = await context.newCDPSession(page);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    await page.addInitScript(OBSERVE);
    await page.goto(url, { waitUntil: 'load', timeout: TIMEOUT_MS });
    // What is on offer is read from the API, and is part of the page.
    await page.getByRole('heading', { name: 'Free labs' }).waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(REST_MS);
    return Visit.parse(await page.evaluate(READ));
  } finally {
    await context.close();
  }
}
