import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';

const WEB = resolve(import.meta.dirname, '../../apps/web');
const Package = z.object({ scripts: z.object({ client: z.string() }) });
const run = promisify(execFile);

/** As `npm run client -w apps/web` makes it, which `npm run openapi` does along with the document. */
test('the types of the API are those of docs/openapi.json', async () => {
  const { scripts } = Package.parse(JSON.parse(await readFile(join(WEB, 'package.json'), 'utf8')));
  const [program, ...words] = scripts.client.split(' ');
  expect(program).toBe('openapi-typescript');
  const out = words.indexOf('-o');
  const folder = dirname(createRequire(join(WEB, 'package.json')).resolve('openapi-typescript/package.json'));
  const { stdout } = await run(process.execPath, [join(folder, 'bin/cli.js'), ...words.toSpliced(out, 2)], {
    cwd: WEB,
    maxBuffer: 2 ** 26,
  });
  const file = words[out + 1];
  if (file === undefined) throw new Error('the script names no file');
  expect(stdout.trim() === (await readFile(join(WEB, file), 'utf8')).trim(), 'stale: run `npm run openapi`').toBe(true);
}, 120_000);
