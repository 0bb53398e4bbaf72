/** What workflows and activities are told stays in Temporal for as long as it keeps histories, and its console shows it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, 'histories');
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));

/** Every text of a document, payloads decoded. */
function texts(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return [value, ...(key === 'data' ? [Buffer.from(value, 'base64').toString('utf8')] : [])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => texts(part, name));
}

/** Keys, tokens, passwords, and persons: a history knows accounts by their ids. */
const SECRET = /PRIVATE KEY|"?password"?\s*:|Bearer |eyJ[\w-]+\.eyJ|client-key-data|sk_(live|test)_|whsec_|[\w.+-]+@[\w-]+\.\w+/i;

test.each(files)('%s', async (file) => {
  const all = texts(JSON.parse(await readFile(join(FOLDER, file), 'utf8')));
  expect(all.some((text) => text.startsWith('{'))).toBe(true);
  expect(all.filter((text) => SECRET.test(text)).map((text) => text.slice(0, 200))).toEqual([]);
});

test('what this looks for would be found', () => {
  const data = (value: unknown) => ({ payloads: [{ data: Buffer.from(JSON.stringify(value)).toString('base64') }] });
  for (const leak of [{ password: 'x' }, { to: 'ada@example.org' }, { key: '-----BEGIN OPENSSH PRIVATE KEY-----' }]) {
    expect(texts(data(leak)).some((text) => SECRET.test(text))).toBe(true);
  }
});
