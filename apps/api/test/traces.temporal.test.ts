import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examSessionWorkflowId } from '@ckx/contracts';
import { createLogger } from '@ckx/logging';
import { startTracing, stopTracing } from '@ckx/telemetry';
import { testTemporal } from '@ckx/test-support';
import { workflowBundle } from '@ckx/workflows/bundle';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';
import { startReceiver, type Span } from './otlp-receiver.ts';
import { startWorkers, type Workers } from './workers.ts';

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let temporal: Awaited<ReturnType<typeof testTemporal>>;
let api: TestApi;
let workers: Workers;
const warnings: string[] = [];
const lines: string[] = [];

beforeAll(async () => {
  receiver = await startReceiver();
  temporal = await testTemporal();
  const config = { CKX_INSTALLATION: 'of-test', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: 1 };
  await startTracing('ckx-test', config, { warn: (message) => warnings.push(message) });
  api = await startApi(
    { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace },
    createLogger('api', 'info', { write: (line) => void lines.push(line) }),
  );
  workers = await startWorkers(temporal, api.database, () => Promise.resolve());
});
afterAll(async () => {
  await workers.stop();
  await api.close();
  await stopTracing();
  await receiver.close();
});

/** The span once it has come. */
async function spanOf(name: string, fits: (span: Span) => boolean): Promise<Span> {
  await expect.poll(() => receiver.spans.some((span) => span.name === name && fits(span)), { timeout: 15_000, message: name }).toBe(true);
  return receiver.spans.find((span) => span.name === name && fits(span)) ?? expect.fail();
}

test('one trace leads from the request over the workflow to every activity of its session, and tells nothing of its candidate', async () => {
  const client = await api.candidate();
  const id = await client.startSession('api-mock');
  await client.waitForState(id, 'ready', 30_000);
  const ofSession = (span: Span) => span.attributes['ckx.exam_session_id'] === id;

  const start = await spanOf('StartWorkflow:examSessionWorkflow', ofSession);
  const request = await spanOf('POST /api/v1/sessions', (span) => span.traceId === start.traceId);
  expect(request).toMatchObject({
    service: 'ckx-test',
    attributes: { 'http.route': '/api/v1/sessions', 'http.response.status_code': 202 },
  });
  expect(request.parentSpanId ?? '').toBe('');
  expect(start.parentSpanId).toBe(request.spanId);
  for (const activity of ['admitSession', 'createEnvironment', 'recordTransition']) {
    const span = await spanOf(`RunActivity:${activity}`, ofSession);
    expect(span, activity).toMatchObject({
      traceId: request.traceId,
      parentSpanId: start.spanId,
      attributes: { temporalWorkflowId: examSessionWorkflowId(id) },
    });
  }

  expect((await client.send('DELETE', `/sessions/${id}`)).status).toBe(202);
  const signal = await spanOf('SignalWorkflow:terminate', ofSession);
  expect(signal.traceId).not.toBe(request.traceId);
  await spanOf('DELETE /api/v1/sessions/:id', (span) => span.traceId === signal.traceId && ofSession(span));
  const release = await spanOf('RunActivity:releaseEnvironment', ofSession);
  expect(release.traceId).toBe(request.traceId);

  const [{ id: userId, email }] = z
    .tuple([z.object({ id: z.string(), email: z.string() })])
    .parse(await api.database.query('SELECT u.id, email FROM users u JOIN exam_sessions s ON s.user_id = u.id WHERE s.id = $1', [id]));
  const told = receiver.bodies.join('\n');
  for (const secret of [userId, email, 'eyJ', 'PRIVATE']) expect(told).not.toContain(secret);
  // Hosts are asked how they are all day long, and health too: nobody's trace.
  expect(receiver.spans.filter(({ name }) => /describeHost|health/.test(name))).toEqual([]);
  expect(warnings).toEqual([]);
});

test('lines of the log name the trace', async () => {
  const { traceId } = await spanOf('POST /api/v1/sessions', () => true);
  const Line = z.object({ traceId: z.string().optional(), msg: z.string(), req: z.object({ path: z.string() }).optional() });
  const written = lines.map((line) => Line.parse(JSON.parse(line)));
  const answered = written.filter(({ req }) => req?.path === '/api/v1/sessions');
  expect(answered.map((line) => line.traceId)).toEqual([traceId]);
});

test('a session that was traced replays, so traces can be switched off under it', async () => {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const traced = await spanOf('StartWorkflow:examSessionWorkflow', () => true);
    const client = new Client({ connection, namespace: temporal.namespace });
    const history = await client.workflow.getHandle(String(traced.attributes['temporalWorkflowId'])).fetchHistory();
    const headers = history.events?.map((event) => event.activityTaskScheduledEventAttributes?.header?.fields ?? {}) ?? [];
    expect(headers.some((fields) => '_tracer-data' in fields)).toBe(true);
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle(join(tmpdir(), 'ckx-test-bundles')) }, history);
  } finally {
    await connection.close();
  }
});
