import { randomUUID } from 'node:crypto';
import { ExamSessionId, type HostId } from '@ckx/contracts';
import { testPostgres } from '@ckx/test-support/services';
import { insertEnvironment, insertHost, insertSession, insertUser, LAB } from '@ckx/test-support/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ClockEntryEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  openDatabase,
  PortAllocationEntity,
  SessionEventEntity,
  UNIQUE,
  violates,
  type DataSource,
  type ExamAttemptRow,
  type ExamSessionRow,
  type UniqueConstraint,
} from './index.ts';

let database: DataSource;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url);
});
afterAll(() => database.destroy());

async function expectViolation(work: Promise<unknown>, constraint: UniqueConstraint): Promise<void> {
  const error: unknown = await work.then(
    () => 'it was accepted',
    (reason: unknown) => reason,
  );
  expect(violates(error, constraint), String(error)).toBe(true);
}

describe('a user', () => {
  it('has one active session', async () => {
    const { manager } = database;
    const userId = await insertUser(manager);
    const first = await insertSession(manager, { userId });
    await expectViolation(insertSession(manager, { userId }), UNIQUE.oneActiveSessionPerUser);
    await manager.update(ExamSessionEntity, first, { state: 'terminated', outcome: 'cancelled', endedAt: new Date() });
    await insertSession(manager, { userId });
  });

  it('cannot start two sessions at the same moment', async () => {
    const userId = await insertUser(database.manager);
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => insertSession(database.manager, { userId })));
    expect(starts.filter((start) => start.status === 'fulfilled')).toHaveLength(1);
  });

  it('has an e-mail address of one spelling, once', async () => {
    await insertUser(database.manager, { email: 'ada@example.com' });
    await expectViolation(insertUser(database.manager, { email: 'ada@example.com' }), UNIQUE.emailTaken);
    await expect(insertUser(database.manager, { email: 'Ada@example.com' })).rejects.toThrow(/users_email_check/);
  });
});

describe('a session', () => {
  const failure: ExamSessionRow['failure'] = { type: 'infra', code: 'TEST', reason: 'A test.' };
  const endedAt = new Date();
  const refused: readonly [string, Partial<ExamSessionRow>, RegExp][] = [
    ['terminated without an outcome', { state: 'terminated', endedAt }, /outcome_of_terminated/],
    ['open with an outcome', { outcome: 'submitted' }, /outcome_of_terminated/],
    ['failed without a failure', { state: 'failed', endedAt }, /failure_of_failed/],
    ['open with a failure', { failure }, /failure_of_failed/],
    ['terminated with a failure', { state: 'terminated', outcome: 'expired', failure, endedAt }, /failure_of_failed/],
    ['ended without a time', { state: 'failed', failure }, /exam_sessions_end/],
    ['open with an end', { endedAt }, /exam_sessions_end/],
    ['running without a start', { state: 'running' }, /started_when_running/],
  ];
  it.each(refused)('is never %s', async (_, values, message) => {
    await expect(insertSession(database.manager, values)).rejects.toThrow(message);
  });

  it('has its place in the queue by its arrival', async () => {
    const ids = [await insertSession(database.manager), await insertSession(database.manager)] as const;
    const rows = await Promise.all(ids.map((id) => database.manager.findOneByOrFail(ExamSessionEntity, { id })));
    const [first, second] = rows.map((row) => row.queueNumber);
    expect(second).toBeGreaterThan(first ?? Number.NaN);
  });

  it('has an event of one sequence number once, and any number without', async () => {
    const examSessionId = await insertSession(database.manager);
    const event = (sequence: number | null) => database.manager.insert(SessionEventEntity, { examSessionId, sequence, kind: 'progress' });
    await event(1);
    await expectViolation(event(1), UNIQUE.sequenceOnce);
    await event(null);
    await event(null);
  });

  it('starts its clock once', async () => {
    const examSessionId = await insertSession(database.manager);
    const entry = (id: string) => ({
      examSessionId,
      id,
      kind: 'start' as const,
      milliseconds: 3_000_000_000,
      reason: 'start',
      at: endedAt,
    });
    await database.manager.insert(ClockEntryEntity, entry('start'));
    await expectViolation(database.manager.insert(ClockEntryEntity, entry('again')), UNIQUE.oneClockStart);
    const [stored] = await database.manager.findBy(ClockEntryEntity, { examSessionId });
    expect(stored).toEqual(entry('start'));
  });
});

describe('an attempt', () => {
  const attempt = (examSessionId: ExamSessionId, values: Partial<ExamAttemptRow>) =>
    database
      .getRepository(ExamSessionEntity)
      .findOneByOrFail({ id: examSessionId })
      .then(({ userId }) =>
        database.manager.insert(ExamAttemptEntity, { examSessionId, userId, labId: LAB.id, labDigest: LAB.digest, ...values }),
      );
  const score = { earned: 2, possible: 3, percent: 67, passed: true };

  it('has a whole score when graded, and none before', async () => {
    const id = await insertSession(database.manager);
    await expect(attempt(id, { state: 'graded' })).rejects.toThrow(/score_of_graded/);
    await expect(attempt(id, { state: 'graded', ...score, passed: null })).rejects.toThrow(/score_of_graded/);
    await expect(attempt(id, { state: 'grading', ...score })).rejects.toThrow(/score_of_graded/);
    await expect(attempt(id, { state: 'graded', ...score, earned: 4 })).rejects.toThrow(/exam_attempts_earned/);
    await attempt(id, { state: 'graded', ...score });
  });

  it('is one per session', async () => {
    const id = await insertSession(database.manager);
    await attempt(id, {});
    await expectViolation(attempt(id, {}), UNIQUE.oneAttemptPerSession);
  });
});

describe('an environment', () => {
  let hostId: HostId;
  beforeAll(async () => {
    hostId = await insertHost(database.manager);
  });

  it('is one per session', async () => {
    const examSessionId = await insertSession(database.manager);
    await insertEnvironment(database.manager, { hostId, subnet: '10.1.0.0/26', examSessionId });
    const second = insertEnvironment(database.manager, { hostId, subnet: '10.1.0.64/26', examSessionId });
    await expectViolation(second, UNIQUE.oneEnvironmentPerSession);
  });

  it('has a /26 of its own until it is destroyed, also when it is lost', async () => {
    const subnet = '10.2.0.0/26';
    const first = await insertEnvironment(database.manager, { hostId, subnet, state: 'lost' });
    await expectViolation(insertEnvironment(database.manager, { hostId, subnet }), UNIQUE.subnetOnce);
    await expect(insertEnvironment(database.manager, { hostId, subnet: '10.2.0.0/25' })).rejects.toThrow(/subnet_check/);
    await database.query("UPDATE environments SET state = 'destroyed', destroyed_at = now() WHERE id = $1", [first]);
    await insertEnvironment(database.manager, { hostId, subnet });
  });

  it('is never bound to no session, nor destroyed without a time', async () => {
    const subnet = '10.3.0.0/26';
    await expect(insertEnvironment(database.manager, { hostId, subnet, state: 'bound' })).rejects.toThrow(/bound_to_session/);
    await expect(insertEnvironment(database.manager, { hostId, subnet, state: 'destroyed' })).rejects.toThrow(/environments_destroyed/);
  });

  it('has a port of its host alone, whatever it is for, and one of each kind', async () => {
    const [one, two] = [
      await insertEnvironment(database.manager, { hostId, subnet: '10.4.0.0/26' }),
      await insertEnvironment(database.manager, { hostId, subnet: '10.4.0.64/26' }),
    ];
    const take = (values: object) => database.manager.insert(PortAllocationEntity, { hostId, environmentId: one, kind: 'vnc', ...values });
    await take({ port: 7000 });
    await expectViolation(take({ port: 7000, environmentId: two }), UNIQUE.portOnce);
    await expectViolation(take({ port: 7000, environmentId: two, kind: 'k8sApi' }), UNIQUE.portOnce);
    await expectViolation(take({ port: 7001 }), UNIQUE.portKindOnce);
    const other = await insertHost(database.manager);
    await take({ port: 7000, hostId: other, environmentId: two });
  });

  it('needs a session that exists', async () => {
    await expect(
      insertEnvironment(database.manager, { hostId, subnet: '10.5.0.0/26', examSessionId: ExamSessionId.parse(randomUUID()) }),
    ).rejects.toThrow(/foreign key/);
  });
});
