import { CheckId, HostId, QuestionId, type ExamSessionId } from '@ckx/contracts';
import {
  CheckResultEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  PortAllocationEntity,
  QuestionResultEntity,
  SessionEventEntity,
  SettingEntity,
  SweepReportEntity,
} from '@ckx/persistence';
import { oweMail } from '@ckx/mail';
import { promisedMetrics } from '@ckx/test-support/metrics-page';
import { insertPass, insertPayment, insertRunningPass } from '@ckx/test-support/passes';
import { LAB, insertEnvironment, insertHost, insertSession, insertUser } from '@ckx/test-support/records';
import { beforeAll, afterAll, beforeEach, expect, test } from 'vitest';
import { parseExposition, type Exposition } from '@ckx/test-support/exposition';
import { startProxy } from './proxy.ts';
import { startApi, type TestApi } from './harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.database.query('TRUNCATE users, hosts, exam_sessions, settings, sweep_reports CASCADE');
});

async function scrape(url = api.url): Promise<Exposition> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  return parseExposition(await response.text());
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const manager = () => api.database.manager;
const session = (values: Parameters<typeof insertSession>[1]) => insertSession(manager(), values);
const event = (examSessionId: ExamSessionId, kind: string, data: object, at = ago(10)) =>
  manager().insert(SessionEventEntity, { examSessionId, kind, data, at });

test('an installation at rest shows zeros, and nothing that it does not know', async () => {
  const { value } = await scrape();
  for (const name of ['ckx_queue_sessions', 'ckx_queue_head_age_seconds', 'ckx_deadline_overdue_seconds', 'ckx_relay_lag_seconds']) {
    expect(value(name), name).toBe(0);
  }
  expect(value('ckx_part_ready', { part: 'postgres' })).toBe(1);
  expect(value('ckx_part_ready', { part: 'temporal' })).toBe(0);
  expect(value('ckx_part_ready', { part: 'hosts' })).toBe(0);
  expect(value('ckx_hosts', { state: 'active' })).toBe(0);
  expect(value('ckx_sweep_last_run_timestamp_seconds')).toBe(0);
  expect(value('ckx_exam_sessions_failed_total', { type: 'infra' })).toBe(0);
  expect(value('ckx_maintenance')).toBe(0);
});

test('what is exported is what is promised, name by name', async () => {
  await api.candidate();
  const { types } = await scrape();
  const sections = [...(await promisedMetrics())].filter(([heading]) => !/worker|gateway/.test(heading)).flatMap(([, metrics]) => metrics);
  const promised = sections.map(({ name, type }) => [name, type]);
  expect([...types].filter(([name]) => name.startsWith('ckx_')).toSorted()).toEqual(promised.toSorted());
});

test('the queue, requests that nobody acted upon, and a clock that ran out', async () => {
  const hostId = await insertHost(manager());
  await session({ createdAt: ago(300), waiting: { place: 1, reason: 'The hosts are full.' } });
  await session({ createdAt: ago(100), waiting: { place: 2, reason: 'Others came first.' } });
  await session({ createdAt: ago(900), terminateRequestedAt: ago(20), terminateRequest: { outcome: 'cancelled', reason: 'a test' } });
  const running = await session({ state: 'running', startedAt: ago(4000), deadlineAt: ago(90) });
  await insertEnvironment(manager(), { hostId, examSessionId: running, subnet: '10.213.0.0/26', state: 'bound' });
  await session({ state: 'running', startedAt: ago(4000), deadlineAt: ago(-600) });
  const { value } = await scrape();
  expect(value('ckx_exam_sessions', { state: 'created' })).toBe(3);
  expect(value('ckx_queue_sessions')).toBe(2);
  expect(value('ckx_queue_head_age_seconds')).toBeCloseTo(300, -1);
  expect(value('ckx_deadline_overdue_seconds')).toBeCloseTo(90, -1);
  // The one that is to be ended was not even begun, and need not have been, however long it waited: its end is what was asked.
  expect(value('ckx_relay_lag_seconds')).toBeCloseTo(20, -1);
  await session({ createdAt: ago(45) });
  // Behind others it may have been a row alone; near the head it is the relay's to begin.
  expect((await scrape()).value('ckx_relay_lag_seconds')).toBeCloseTo(45, -1);
});

test('passes and payments, and what their reconciliation found', async () => {
  const userId = await insertUser(manager());
  await insertPass(manager(), userId, { revision: 1, decidedAt: ago(40) });
  await insertRunningPass(manager(), userId, { startsAt: Date.now() - 7_200_000, expiresAt: Date.now() - 120_000 });
  await insertPayment(manager(), userId, { status: 'refused', problem: 'Another amount.' });
  await manager().query('TRUNCATE pass_reconciliations');
  expect((await scrape()).value('ckx_pass_reconcile_last_run_timestamp_seconds')).toBe(0);
  const report = { looked: 2, repaired: [{ passId: userId, repair: 'restarted' }], failed: [{ passId: userId, error: 'a test' }] };
  await manager().query('INSERT INTO pass_reconciliations (report) VALUES ($1)', [JSON.stringify(report)]);
  const { value } = await scrape();
  const passes = ['purchased', 'activated', 'expired', 'revoked'].map((status) => value('ckx_access_passes', { status }));
  expect(passes).toEqual([1, 1, 0, 0]);
  expect([value('ckx_payments', { status: 'refused' }), value('ckx_payments', { status: 'paid' })]).toEqual([1, 0]);
  expect(value('ckx_pass_expiry_overdue_seconds')).toBeCloseTo(120, -1);
  expect(value('ckx_pass_relay_lag_seconds')).toBeCloseTo(40, -1);
  expect(value('ckx_pass_reconcile_last_run_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 60);
  const repairs = ['expired', 'restarted', 'told', 'failed'].map((repair) => value('ckx_pass_reconcile_last_repairs', { repair }));
  expect(repairs).toEqual([0, 1, 0, 1]);
});

test('mails that are owed too long, where mail can be sent at all', async () => {
  // Nobody listens there.
  const sender = await startApi({ DATABASE_URL: api.config.DATABASE_URL, SMTP_URL: 'smtp://127.0.0.1:1' });
  try {
    const shown = async (url: string) => {
      const { value } = await scrape(url);
      return [value('ckx_mails_owed'), value('ckx_mail_oldest_owed_age_seconds')];
    };
    expect(await shown(sender.url)).toEqual([0, 0]);
    const userId = await insertUser(manager());
    for (const eventKey of ['one', 'two', 'sent', 'given up'])
      await oweMail(manager(), { userId, kind: 'password_changed', data: { at: new Date().toISOString() }, eventKey });
    await manager().query(`UPDATE mails SET created_at = now() - interval '700 seconds' WHERE event_key = 'two'`);
    await manager().query(`UPDATE mails SET created_at = now() - interval '1 day', sent_at = now() WHERE event_key = 'sent'`);
    await manager().query(`UPDATE mails SET created_at = now() - interval '1 day', given_up_at = now() WHERE event_key = 'given up'`);
    const [owed, age] = await shown(sender.url);
    expect(owed).toBe(2);
    expect(age).toBeCloseTo(700, -2);
    expect(await shown(api.url)).toEqual([undefined, undefined]);
  } finally {
    await sender.close();
  }
});

test('hosts: what they have and what is held of it', async () => {
  const id = HostId.parse('host-a');
  await insertHost(manager(), { id, cpuMillis: 8_000, memoryMib: 16_384, subnetPool: '10.213.0.0/24', lastSeenAt: ago(45) });
  await insertHost(manager(), { id: HostId.parse('host-b'), state: 'lost' });
  // Drained, gone, and nothing left on it: nobody waits for it.
  await insertHost(manager(), { id: HostId.parse('host-c'), state: 'lost', drainRequestedAt: ago(5), lastSeenAt: ago(86_400) });
  const environmentId = await insertEnvironment(manager(), { hostId: id, subnet: '10.213.0.0/26', state: 'lost' });
  await insertEnvironment(manager(), { hostId: id, subnet: '10.213.0.64/26', state: 'destroyed', destroyedAt: ago(1) });
  await manager().insert(PortAllocationEntity, { hostId: id, kind: 'vnc', port: 6901, environmentId });
  const { value } = await scrape();
  const host = 'host-a';
  expect(value('ckx_host_last_seen_age_seconds', { host: 'host-b' })).toBeLessThan(10);
  expect(value('ckx_host_last_seen_age_seconds', { host: 'host-c' })).toBeUndefined();
  expect([
    value('ckx_hosts', { state: 'active' }),
    value('ckx_hosts', { state: 'lost' }),
    value('ckx_hosts', { state: 'draining' }),
  ]).toEqual([1, 1, 0]);
  expect(value('ckx_part_ready', { part: 'hosts' })).toBe(1);
  expect(value('ckx_host_last_seen_age_seconds', { host })).toBeCloseTo(45, -1);
  expect([value('ckx_host_subnets_used', { host }), value('ckx_host_subnets_capacity', { host })]).toEqual([1, 4]);
  expect([value('ckx_host_ports_used', { host, kind: 'vnc' }), value('ckx_host_ports_capacity', { host, kind: 'vnc' })]).toEqual([1, 99]);
  expect(value('ckx_host_ports_used', { host, kind: 'k8sApi' })).toBe(0);
  expect([value('ckx_host_cpu_used_cores', { host }), value('ckx_host_cpu_capacity_cores', { host })]).toEqual([2.5, 8]);
  expect([value('ckx_host_memory_used_bytes', { host }), value('ckx_host_memory_capacity_bytes', { host })]).toEqual([
    4_608 * 2 ** 20,
    2 ** 34,
  ]);
  expect(value('ckx_environments', { host, state: 'lost' })).toBe(1);
  expect(value('ckx_environments', { host, state: 'bound' })).toBe(0);
});

test('the last sweep that was no dry run', async () => {
  const report = (alert: string | null, actions: object[]) => ({ alert, actions });
  const removed = { action: { kind: 'remove_environment' }, result: 'done' };
  const manyMore = { action: { kind: 'fail_session' }, result: 'failed' };
  await manager().insert(SweepReportEntity, { at: ago(600), dryRun: false, alert: 'too many', report: report('too many', []) });
  await manager().insert(SweepReportEntity, {
    at: ago(60),
    dryRun: false,
    alert: null,
    report: report(null, [removed, removed, manyMore]),
  });
  await manager().insert(SweepReportEntity, { at: ago(1), dryRun: true, alert: 'dry', report: report('dry', []) });
  const { value } = await scrape();
  expect(value('ckx_sweep_last_run_timestamp_seconds')).toBeCloseTo(Date.now() / 1000 - 60, -1);
  expect(value('ckx_sweep_stopped')).toBe(0);
  expect(value('ckx_sweep_last_actions', { kind: 'remove_environment', result: 'done' })).toBe(2);
  expect(value('ckx_sweep_last_actions', { kind: 'fail_session', result: 'failed' })).toBe(1);
  expect(value('ckx_sweep_last_actions', { kind: 'fail_session', result: 'done' })).toBe(0);
});

test('what happens is counted once, from the first scrape on, on every copy alike', async () => {
  const early = await session({ state: 'failed', endedAt: ago(100), failure: { type: 'infra', code: 'HOST_SILENT', reason: 'A test.' } });
  await event(
    early,
    'transition',
    { from: 'running', to: 'failed', failure: { type: 'infra', code: 'HOST_SILENT', reason: 'A test.' } },
    ago(100),
  );
  const copy = await startApi({ DATABASE_URL: api.config.DATABASE_URL });
  try {
    const before = [await scrape(), await scrape(copy.url)];
    const id = await session({ createdAt: ago(60) });
    await event(id, 'transition', { from: 'created', to: 'initializing' }, ago(50));
    await event(id, 'progress', { step: 'containers' }, ago(50));
    await event(id, 'progress', { step: 'containers', durationMs: 1_500 }, ago(48));
    await event(id, 'transition', { from: 'initializing', to: 'ready' }, ago(38));
    await event(id, 'restart', { part: 'node', number: 1, state: 'down', reason: 'killed' });
    await event(id, 'restart', { part: 'node', number: 1, state: 'up', ready: true });
    await event(id, 'clock', { id: 'start', kind: 'start', milliseconds: 1_800_000, at: 0, reason: 'started', deadlineAt: 1 });
    await event(id, 'clock', { id: 'gap', kind: 'credit', milliseconds: 12_500, at: 0, reason: 'The host was gone.', deadlineAt: 1 });
    await event(id, 'environment', { state: 'lost' });
    await event(id, 'attempt', { state: 'grading' }, ago(30));
    await manager().insert(ExamAttemptEntity, {
      examSessionId: id,
      userId: (await manager().findOneByOrFail(ExamSessionEntity, { id })).userId,
      labId: LAB.id,
      labDigest: LAB.digest,
    });
    const { id: attemptId } = await manager().findOneByOrFail(ExamAttemptEntity, { examSessionId: id });
    await manager().insert(QuestionResultEntity, { attemptId, questionId: QuestionId.parse('q1'), position: 1 });
    for (const [checkId, verdict] of [
      ['c1', 'passed'],
      ['c2', 'errored'],
      ['c3', 'errored'],
    ] as const) {
      await manager().insert(CheckResultEntity, {
        attemptId,
        questionId: QuestionId.parse('q1'),
        checkId: CheckId.parse(checkId),
        position: 1,
        description: 'd',
        weight: 1,
        verdict,
        evidence: '',
        durationMs: 1,
      });
    }
    await event(id, 'attempt', { state: 'graded', score: { earned: 1, possible: 1, percent: 100, provisional: true } }, ago(23));
    await event(id, 'transition', { from: 'running', to: 'terminated', outcome: 'submitted' }, ago(22));
    await event(early, 'transition', {
      from: 'created',
      to: 'failed',
      failure: { type: 'init', code: 'made up by somebody', reason: 'A test.' },
    });
    // Not yet: what is younger may commit in another order.
    await event(id, 'environment', { state: 'lost' }, new Date());

    for (const [index, url] of [api.url, copy.url].entries()) {
      await Promise.all([scrape(url), scrape(url)]);
      const { value } = await scrape(url);
      const grown = (name: string, labels: Record<string, string> = {}) =>
        (value(name, labels) ?? NaN) - (before[index]?.value(name, labels) ?? 0);
      expect(grown('ckx_exam_sessions_terminated_total', { outcome: 'submitted' })).toBe(1);
      expect(grown('ckx_exam_sessions_failed_total', { type: 'init' })).toBe(1);
      expect(grown('ckx_exam_sessions_failed_total', { type: 'infra' })).toBe(0);
      expect(grown('ckx_exam_session_failures_total', { code: 'OTHER' })).toBe(1);
      expect(grown('ckx_queue_wait_seconds_sum')).toBeCloseTo(10, 0);
      expect(grown('ckx_boot_duration_seconds_sum')).toBeCloseTo(12, 0);
      expect(grown('ckx_boot_step_duration_seconds_sum', { step: 'containers' })).toBe(1.5);
      expect(grown('ckx_boot_step_duration_seconds_count', { step: 'containers' })).toBe(1);
      expect(value('ckx_boot_step_duration_seconds_count', { step: 'questions' })).toBe(0);
      expect(grown('ckx_environment_restarts_total', { result: 'died' })).toBe(1);
      expect(grown('ckx_environment_restarts_total', { result: 'restored' })).toBe(1);
      expect(grown('ckx_environments_lost_total')).toBe(1);
      expect(grown('ckx_clock_credits_total')).toBe(1);
      expect(grown('ckx_clock_credit_seconds_total')).toBe(12.5);
      expect(grown('ckx_attempts_ended_total', { state: 'graded' })).toBe(1);
      expect(grown('ckx_attempts_provisional_total')).toBe(1);
      expect(grown('ckx_grading_duration_seconds_sum')).toBeCloseTo(7, 0);
      expect(grown('ckx_check_verdicts_total', { verdict: 'errored' })).toBe(2);
      expect(grown('ckx_check_verdicts_total', { verdict: 'failed' })).toBe(0);
    }
  } finally {
    await copy.close();
  }
});

test('maintenance is told', async () => {
  await manager().insert(SettingEntity, { name: 'maintenance', value: { on: true, message: 'Back at noon.' } });
  expect((await scrape()).value('ckx_maintenance')).toBe(1);
});

test('a database that goes leaves no old numbers behind, and comes back', async () => {
  const database = new URL(api.config.DATABASE_URL);
  const proxy = await startProxy({ host: database.hostname, port: Number(database.port) });
  database.host = `127.0.0.1:${proxy.port}`;
  const cutOff = await startApi({ DATABASE_URL: database.href });
  try {
    expect((await scrape(cutOff.url)).value('ckx_queue_sessions')).toBe(0);
    await proxy.cut();
    const { value, types } = await scrape(cutOff.url);
    expect(value('ckx_part_ready', { part: 'postgres' })).toBe(0);
    expect(value('ckx_queue_sessions')).toBeUndefined();
    expect(value('ckx_exam_sessions', { state: 'running' })).toBeUndefined();
    // What was counted stays counted.
    expect(value('ckx_clock_credits_total')).toBe(0);
    expect(types.get('ckx_http_request_duration_seconds')).toBe('histogram');
    await proxy.mend();
    // The first connections after it may take longer than a scrape waits.
    await expect.poll(async () => (await scrape(cutOff.url)).value('ckx_queue_sessions'), { timeout: 20_000 }).toBe(0);
  } finally {
    await cutOff.close();
    await proxy.cut();
  }
});
