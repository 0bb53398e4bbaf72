/**
 * `npm run test:schema`: schemathesis asks the API what docs/openapi.json allows, and what it does not; as nobody, as a candidate and as an
 * administrator. No answer may be a 5xx or other than documented. On loopback alone. `--examples` for more
 * of them, `--seed` for the same ones again, `--as` for one of the three.
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure } from '@ckx/command';
import { openDatabase, UserEntity } from '@ckx/persistence';
import { ApiClient } from '@ckx/test-support/client';
import { z } from 'zod';
import { untilInterrupted } from '../load/interrupted.ts';
import { startPlane } from './plane.ts';
import { ensureSchemathesis } from './schemathesis.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WHO = ['nobody', 'candidate', 'administrator'] as const;
type Who = (typeof WHO)[number];
/** They sign the asker out, or close the installation: what follows would try nothing. They are asked by nobody. */
const ENDS_THE_RUN = ['/api/v1/auth/logout-all', '/api/v1/admin/maintenance'];

const Options = z.object({
  examples: z.coerce.number().int().positive().default(10),
  seed: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(() => randomBytes(3).readUIntBE(0, 3)),
  as: z.enum(WHO).optional(),
});
const given = parseArgs({ options: { examples: { type: 'string' }, seed: { type: 'string' }, as: { type: 'string' } } }).values;
const { examples, seed, as } = Options.parse(given);
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

const interrupted = untilInterrupted();

async function run(): Promise<Map<Who, boolean>> {
  const program = await ensureSchemathesis(say);
  const limits = { AUTH_ATTEMPTS_PER_MINUTE: '1000000', MOCK_SESSIONS_PER_DAY: '0' };
  await using plane = await startPlane(limits, say);
  const results = new Map<Who, boolean>();
  for (const who of as === undefined ? WHO : [as]) {
    interrupted.throwIfAborted();
    say(`as ${who}, seed ${seed}: the edges of each operation, and ${examples} generated examples`);
    const child = spawn(program, await argumentsFor(who, plane), {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      signal: interrupted,
    });
    await once(child, 'exit');
    results.set(who, child.exitCode === 0);
  }
  const errors = await plane.errors();
  if (errors !== '') console.log(`what API and worker logged as errors:\n${errors.slice(0, 20_000)}`);
  return results;
}

async function argumentsFor(who: Who, plane: { apiUrl: string; databaseUrl: string }): Promise<string[]> {
  const token = who === 'nobody' ? null : await signIn(who, plane);
  const excluded = token === null ? [] : ENDS_THE_RUN.flatMap((path) => ['--exclude-path', path]);
  return [
    ...['--config-file', join(import.meta.dirname, 'schemathesis.toml')],
    ...['run', join(ROOT, 'docs/openapi.json'), '--url', plane.apiUrl, '--seed', String(seed)],
    ...['--max-examples', String(examples), '--request-timeout', '30', '--continue-on-failure', '--no-color'],
    ...['--warnings', 'off', '--suppress-health-check', 'all'],
    ...(token === null ? [] : ['--header', `Authorization: Bearer ${token}`]),
    ...excluded,
  ];
}

async function signIn(who: Who, { apiUrl, databaseUrl }: { apiUrl: string; databaseUrl: string }): Promise<string> {
  const credentials = { email: `${who}-${randomUUID()}@example.org`, password: `pw-${randomUUID()}` };
  await new ApiClient(apiUrl).send('POST', '/auth/register', { ...credentials, name: `The ${who}` });
  if (who === 'administrator') {
    const database = await openDatabase(databaseUrl, { poolSize: 1 });
    await database.manager.update(UserEntity, { email: credentials.email }, { role: 'admin' });
    await database.destroy();
  }
  const { body } = await new ApiClient(apiUrl).send('POST', '/auth/login', credentials);
  return z.object({ accessToken: z.string() }).parse(body).accessToken;
}

try {
  const results = await run();
  for (const [who, isFine] of results) console.log(`${isFine ? 'ok    ' : 'FAILED'}  as ${who}`);
  const failed = [...results.values()].filter((isFine) => !isFine).length;
  console.log(`Tests: ${results.size - failed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  const { exitCode, body } = describeFailure(interrupted.aborted ? interrupted.reason : error);
  console.error([body.error.message, body.error.remedy].join(' '));
  process.exitCode = exitCode;
}
