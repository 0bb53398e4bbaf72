/** Where something is missing or away: a page that says so, and what to do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { newcomer, visitor } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('a page that there is none of leads on', async () => {
  const { page, faults } = await visitor(stage);
  await page.goto('/nothing/here');
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  await page.getByRole('link', { name: 'See all labs' }).click();
  await page.waitForURL('**/labs');
  expect(faults).toEqual([]);
});

test('what is another’s is told apart from nothing by nobody', async () => {
  const { page } = await newcomer(stage);
  for (const id of ['00000000-0000-4000-8000-000000000000', 'x']) {
    await page.goto(`/sessions/${id}`);
    await page.getByText('This is not yours to see').waitFor();
  }
  await expectAccessible(page);
});

test('offline is said, and taken back', async () => {
  const { page, context } = await newcomer(stage);
  await context.setOffline(true);
  await page.getByText('You are offline').waitFor();
  await expectAccessible(page);
  await context.setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'hidden' });
});

test('a server that does not answer is waited for, and the page comes by itself', async () => {
  const { page } = await newcomer(stage);
  await page.route('**/api/v1/users/me/history*', (route) => route.abort());
  await page.route('**/api/v1/sessions*', (route) => route.abort());
  await page.goto('/history');
  await page.getByRole('heading', { level: 1, name: 'The server does not answer' }).waitFor({ timeout: 30_000 });
  await expectAccessible(page);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
});

test('a part of an older release that is gone is said to be that', async () => {
  const { page } = await visitor(stage);
  await page.goto('/');
  await page.route('**/assets/pricing*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.getByRole('link', { name: 'Prices' }).click();
  await page.getByText('This page was updated meanwhile').waitFor();
  await expectAccessible(page);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Prices' }).waitFor();
});
