import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EXAM_SESSION_WORKFLOW, examSessionStart, statusQuery } from '@ckx/contracts/exam-session';
import { ExamSessionEntity, openDatabase } from '@ckx/persistence';
import { parseExposition } from '@ckx/test-support/exposition';
import { promisedMetrics } from '@ckx/test-support/metrics-page';
import { insertSession } from '@ckx/test-support/records';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { freePort } from '@ckx/toolchain';
import { Client, Connection } from '@temporalio/client';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';

const MAIN = join(import.meta.dirname, 'main.ts');
let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

/** The worker as an operator starts it. */
function run(args: string[], env: Record<string, string>) {
  const worker = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = worker;
  const output = { stdout: '', stderr: '' };
  worker.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return { output, exited: once(worker, 'exit').then(([code]: unknown[]) => code), stop: () => worker.kill('SIGTERM') };
}

it('serves workflows, says how it is, and ends in order when it is told to', { timeout: 120_000 }, async () => {
  const [{ url }, { address, namespace }, metricsPort] = await Promise.all([testPostgres(), testTemporal(), freePort()]);
  const worker = run(['control'], {
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    CKX_LABS: '/nowhere',
    WORKER_METRICS_PORT: String(metricsPort),
  });
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    return { status: response.status, text: await response.text() };
  };
  await expect.poll(() => ask('/readyz').then(({ status }) => status), { timeout: 90_000 }).toBe(200);
  expect((await ask('/healthz')).status).toBe(200);

  const dataSource = await openDatabase(url);
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const id = await insertSession(dataSource.manager);
    const options = examSessionStart(await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id }), {
      graceMs: 60_000,
      provisionTimeoutMs: 60_000,
    });
    const workflow = await client.workflow.start(EXAM_SESSION_WORKFLOW, options);
    expect((await workflow.query(statusQuery)).state).toBe('created');
    const shown = (await ask('/metrics')).text;
    expect(shown).toMatch(/^process_cpu_seconds_total[\s\S]*^temporal_workflow_task_execution_latency/m);
    const { types } = parseExposition(shown);
    const promised = (await promisedMetrics()).get('Of both workers') ?? [];
    expect(promised.length).toBeGreaterThan(0);
    for (const { name, type, labels } of promised) {
      expect(types.get(name), name).toBe(type);
      const sample = shown.split('\n').find((line) => line.startsWith(`${name}{`));
      for (const label of labels) expect(sample, name).toContain(`${label}="`);
    }
  } finally {
    await connection.close();
    await dataSource.destroy();
  }

  worker.stop();
  expect(await worker.exited).toBe(0);
  const Line = z.object({ component: z.literal('worker-control'), level: z.string(), msg: z.string() });
  for (const line of worker.output.stdout.trim().split('\n')) Line.parse(JSON.parse(line));
});

it.for([
  { args: ['gateway'], env: {}, said: /usage: main.ts control\|host/ },
  { args: ['control'], env: { CKX_LABS: '/nowhere' }, said: /DATABASE_URL/ },
  {
    args: ['control'],
    env: { CKX_LABS: '/nowhere', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    said: /Postgres does not answer.*\n.*DATABASE_URL/,
  },
])('says in a sentence why it does not start: $said', async ({ args, env, said }) => {
  const worker = run(args, env);
  expect(await worker.exited).toBe(1);
  expect(worker.output.stderr).toMatch(said);
  expect(worker.output.stderr).not.toContain('node_modules');
});
