/** What somebody does with their account: another address, devices, data, the end of it. */
import { UserEntity } from '@ckx/persistence';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { administrator, newcomer, signIn, visitor } from './person.ts';
import { randomEmail } from './records.ts';
import { openStage, type Stage } from './stage.ts';
import { PASSWORD } from './visitor.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('the address is changed by the link of a mail, and by a click on that page, not before', async () => {
  const person = await newcomer(stage);
  const { page } = person;
  const next = randomEmail();
  await page.goto('/account');
  await page.getByLabel('New e-mail address').fill('nobody');
  await page.getByRole('region', { name: 'E-mail address' }).getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('That is not an e-mail address.').waitFor();
  await expectAccessible(page);
  await page.getByLabel('New e-mail address').fill(next);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText(`on its way to ${next}`).waitFor();

  const admin = await administrator(stage);
  await admin.page.goto('/admin/mails');
  await admin.page.getByRole('button', { name: `to ${next}` }).click();
  const letter = (await admin.page.locator('.letter').textContent()) ?? '';
  const [link] = /https?:\S+change-email#token=\S+/.exec(letter) ?? [];
  if (link === undefined) throw new Error(`no link in: ${letter}`);
  await page.goto(link);
  await page.getByRole('button', { name: 'Use this address' }).waitFor();
  expect(page.url()).not.toContain('token');
  await expectAccessible(page);
  expect(await stage.database.manager.countBy(UserEntity, { email: next })).toBe(0);
  await page.getByRole('button', { name: 'Use this address' }).click();
  await page.getByText('Your address is changed').waitFor();
  await expectAccessible(page);
  expect(await stage.database.manager.countBy(UserEntity, { email: next })).toBe(1);
  // A link is good once.
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByRole('button', { name: 'Use this address' }).click();
  await page.getByText('The address is not changed').waitFor();
});

test('a device that was left behind is signed out from here', async () => {
  const person = await newcomer(stage);
  const other = await visitor(stage);
  await other.page.goto('/login');
  await signIn(other.page, person.email);
  await other.page.waitForURL('**/dashboard');
  await person.page.goto('/account');
  await person.page.getByText('This one', { exact: true }).waitFor();
  await person.page.getByRole('button', { name: /Sign out Chrome on .*, signed in/ }).click();
  await expect.poll(() => person.page.locator('.devices li').count()).toBe(1);
  await other.page.reload();
  await other.page.waitForURL('**/login?next=%2Fdashboard');
  await person.page.reload();
  await person.page.getByText('This one', { exact: true }).waitFor();
  await expectAccessible(person.page);
});

test('everything that is kept is given out as a file, and goes with the account', async () => {
  const { page, email } = await newcomer(stage);
  await page.goto('/account');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export my data' }).click()]);
  expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toMatchObject({ profile: { email } });
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const sure = page.getByRole('region', { name: 'Delete the account' });
  await sure.getByLabel('Current password').fill('not the one');
  await page.getByRole('button', { name: 'Delete it for good' }).click();
  await page.getByText('That is not your current password.').waitFor();
  await expectAccessible(page);
  await sure.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Delete it for good' }).click();
  await page.waitForURL('**/login?next=%2Faccount');
  expect(await stage.database.manager.countBy(UserEntity, { email })).toBe(0);
  await signIn(page, email);
  await page.getByText('do not match').waitFor();
});
