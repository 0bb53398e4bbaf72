/** What somebody does at a browser beyond the first visit. */
import { UserEntity, type DataSource, type UserRow } from '@ckx/persistence';
import type { Page } from 'playwright-core';
import { arrive, PASSWORD, register, type Person } from './visitor.ts';
import type { Stage } from './stage.ts';

const PATIENCE_MS = 30_000;

export const userOf = ({ email }: Person, database: DataSource): Promise<UserRow> =>
  database.manager.findOneByOrFail(UserEntity, { email });

export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
}

/** Somebody who waits a little for a machine that is busy. */
export async function visitor(stage: Stage): Promise<Person> {
  const person = await arrive(stage.browser, stage.url);
  person.page.setDefaultTimeout(PATIENCE_MS);
  return person;
}

/** A new account. */
export async function newcomer(stage: Stage, name?: string): Promise<Person> {
  const person = await visitor(stage);
  await register(person, name);
  return person;
}

/** A new account of an administrator, whose pages know that it is one. */
export async function administrator(stage: Stage): Promise<Person> {
  const person = await newcomer(stage, 'Grace Hopper');
  await stage.database.manager.update(UserEntity, { email: person.email }, { role: 'admin' });
  await person.page.reload();
  await person.page.getByRole('link', { name: 'Administration' }).waitFor();
  return person;
}
