import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openApiText } from '../src/write-openapi.ts';

test('docs/openapi.json is what the API says of itself: `npm run openapi` writes it', async () => {
  expect(await openApiText()).toBe(await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
});
