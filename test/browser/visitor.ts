/** A person at a browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { randomEmail } from './records.ts';

export const PASSWORD = 'correct horse battery';

export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly email: string;
  /** What the page said against itself: scripts that failed, policies that were broken. Noise of requests that were refused is not among it. */
  readonly faults: string[];
}

export async function arrive(browser: Browser, baseURL: string): Promise<Person> {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('console', (message) => {
    // Requests that were refused, and the gateway that this stage is without.
    const expected = /^(Failed to load resource|WebSocket connection to)/.test(message.text());
    if (message.type() === 'error' && !expected) faults.push(message.text());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return { context, page, email: randomEmail(), faults };
}

/** Opens an account by the page for it; ends where that leads. */
export async function register({ page, email }: Person, name = 'Ada Lovelace', path = '/register'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  // Where that leads is a part of its own: who leaves while it is loaded would be told that it could not be.
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Starts a session of a lab by its page. @returns its id */
export async function startSession({ page }: Person, labId: string): Promise<string> {
  await page.goto(`/labs/${labId}`);
  await page.getByRole('button', { name: 'Start this exam' }).click();
  await page.waitForURL(/\/sessions\//);
  return page.url().split('/').at(-1) ?? '';
}
