import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** Runs in a process of its own: what this one has loaded says nothing. */
const PROGRAM = `
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({ load: (url, context, next) => {
    const name = /node_modules\\/(@opentelemetry\\/[^/]+)/.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  } });
  const { startTracing, stopTracing, isTracing } = await import('@ckx/telemetry');
  const { clientInterceptors, activityInterceptors } = await import('@ckx/telemetry/temporal');
  const endpoint = process.argv[1] || undefined;
  const config = { CKX_INSTALLATION: 'of-test', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: 1 };
  await startTracing('ckx-test', config, { warn: () => undefined });
  const said = { tracing: isTracing(), loaded: [...loaded], client: clientInterceptors(), worker: activityInterceptors() };
  await stopTracing();
  await stopTracing();
  console.log(JSON.stringify({ ...said, after: isTracing() }));
`;
const Said = z.object({
  tracing: z.boolean(),
  loaded: z.array(z.string()),
  client: z.record(z.string(), z.array(z.unknown())),
  worker: z.record(z.string(), z.array(z.unknown())),
  after: z.boolean(),
});

async function say(endpoint: string): Promise<z.infer<typeof Said>> {
  const args = ['--input-type=module', '--eval', PROGRAM, '--', endpoint];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  return Said.parse(JSON.parse(stdout));
}

it('loads nothing of the SDK, and puts nothing in place, where traces are off', async () => {
  expect(await say('')).toEqual({ tracing: false, loaded: ['@opentelemetry/api'], client: {}, worker: {}, after: false });
});

it('loads it where they are on, and ends although nobody takes the spans', async () => {
  const said = await say('http://127.0.0.1:1');
  expect(said.loaded).toContain('@opentelemetry/sdk-trace');
  expect([said.tracing, said.client['workflow']?.length, said.worker['activity']?.length, said.after]).toEqual([true, 1, 1, false]);
});
