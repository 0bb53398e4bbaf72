import { randomUUID } from 'node:crypto';
import { CheckId, PackDigest, QuestionId, type ExamSessionId } from '@ckx/contracts';
import { RETAINED, type Retained } from '@ckx/contracts/retention-workflow';
import {
  CheckResultEntity,
  ClockEntryEntity,
  ExamAttemptEntity,
  openDatabase,
  QuestionHelpEntity,
  QuestionMarkEntity,
  QuestionResultEntity,
  RegradeEntity,
  SessionEventEntity,
  type DataSource,
  type EnvironmentRow,
  type ExamAttemptRow,
} from '@ckx/persistence';
import { insertEnvironment, insertHost, insertSession, insertUser, LAB } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { retentionRecords } from './retention.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());
beforeEach(async () => {
  await dataSource.query('TRUNCATE users, hosts, settings, audit_log, blobs, lab_packs, service_nonces, sweep_reports, mails CASCADE');
});

const TABLES = [
  'users',
  'exam_sessions',
  'environments',
  'exam_attempts',
  'question_results',
  'check_results',
  'clock_entries',
  'session_events',
  'blobs',
  'lab_packs',
  'sweep_reports',
  'audit_log',
  'refresh_tokens',
  'service_nonces',
  'mails',
  'account_tokens',
  'connect_tickets',
  'terminal_sessions',
  'recordings',
  'question_marks',
  'question_help',
  'regrades',
];
const before = Date.UTC(2026, 0, 1);
const OLD = new Date(before - 1);
const YOUNG = new Date(before);

const Count = z.tuple([z.object({ count: z.int() })]);
async function counts(): Promise<Record<string, number>> {
  const rows = TABLES.map(async (table) => [table, Count.parse(await dataSource.query(`SELECT count(*) FROM ${table}`))[0].count] as const);
  return Object.fromEntries(await Promise.all(rows));
}

const remove = (what: Retained, limit = 500) => retentionRecords(dataSource).deleteExpired({ what, before, limit });

/** How many rows of each table went; tables of which none did are left out. */
async function gone(what: Retained): Promise<Record<string, number>> {
  const had = await counts();
  await remove(what);
  const has = await counts();
  return Object.fromEntries(
    TABLES.map((table) => [table, (had[table] ?? 0) - (has[table] ?? 0)] as const).filter(([, rows]) => rows !== 0),
  );
}

let networks = 0;
/** A session with everything that one can have; ended, unless `endedAt` is null. */
async function session(
  endedAt: Date | null,
  values: { environment?: EnvironmentRow['state']; attempt?: ExamAttemptRow['state'] } = {},
): Promise<ExamSessionId> {
  const { manager } = dataSource;
  const userId = await insertUser(manager);
  const ended = endedAt === null ? {} : ({ state: 'terminated', outcome: 'submitted', endedAt } as const);
  const id = await insertSession(manager, { userId, createdAt: OLD, startedAt: OLD, ...ended });
  const { environment: state = 'destroyed', attempt = 'void' } = values;
  const subnet = `10.213.${networks++}.0/26`;
  const hostId = await insertHost(manager);
  await insertEnvironment(manager, { hostId, subnet, examSessionId: id, state, destroyedAt: state === 'destroyed' ? OLD : null });
  await manager.insert(SessionEventEntity, { examSessionId: id, sequence: 1, kind: 'transition', at: OLD });
  await manager.insert(ClockEntryEntity, { examSessionId: id, id: 'start', kind: 'start', milliseconds: 1, reason: 'a test', at: OLD });
  const inserted = await manager.save(ExamAttemptEntity, {
    examSessionId: id,
    userId,
    labId: LAB.id,
    labDigest: LAB.digest,
    state: attempt,
  });
  const of = { attemptId: inserted.id, questionId: QuestionId.parse('q1') };
  await manager.insert(QuestionResultEntity, { ...of, position: 1 });
  const check = {
    checkId: CheckId.parse('c1'),
    position: 1,
    description: 'd',
    weight: 1,
    verdict: 'passed',
    evidence: '',
    durationMs: 1,
  } as const;
  await manager.insert(CheckResultEntity, { ...of, ...check });
  await manager.insert(QuestionMarkEntity, { examSessionId: id, position: 1, flagged: true });
  await manager.insert(QuestionHelpEntity, { examSessionId: id, position: 1, hints: 1 });
  const { digest: labDigest } = LAB;
  const earlier = { earned: 0, possible: 1, percent: 0, provisional: false, passed: false, labDigest, questions: [] };
  await manager.insert(RegradeEntity, { attemptId: inserted.id, reason: 'a test', labDigest, statements: [], earlier });
  await recordedConnection(id, userId, endedAt ?? OLD);
  return id;
}

/** With the ticket that opened it. */
async function recordedConnection(id: ExamSessionId, userId: string, startedAt: Date): Promise<void> {
  const connection = randomUUID();
  await dataSource.query(
    `INSERT INTO connect_tickets (token_hash, user_id, exam_session_id, kind, expires_at) VALUES (decode(repeat(md5($1), 2), 'hex'), $2, $3, 'terminal', $4)`,
    [connection, userId, id, OLD],
  );
  await dataSource.query(
    `INSERT INTO terminal_sessions (id, exam_session_id, user_id, kind, tab, gateway_id) VALUES ($1, $2, $3, 'terminal', 'main', 'a')`,
    [connection, id, userId],
  );
  await dataSource.query(
    `INSERT INTO recordings (id, exam_session_id, blob_digest, started_at, duration_ms, size_bytes, cut) VALUES ($1, $2, $3, $4, 1, 1, false)`,
    [connection, id, await insertBlob(OLD), startedAt],
  );
}

const insertBlob = async (lastUsedAt: Date) => {
  const digest = `sha256:${randomUUID().replaceAll('-', '').repeat(2)}`;
  await dataSource.query(`INSERT INTO blobs (digest, media_type, size_bytes, content, last_used_at) VALUES ($1, 'text/plain', 0, '', $2)`, [
    digest,
    lastUsedAt,
  ]);
  return digest;
};

/** One of each kind that is due, and one that is not yet. */
async function everything(): Promise<void> {
  for (const at of [OLD, YOUNG]) {
    await session(at);
    await insertBlob(at);
    await dataSource.query(`INSERT INTO sweep_reports (at, dry_run, report) VALUES ($1, false, '{}')`, [at]);
    await dataSource.query(`INSERT INTO audit_log (at, action, target_kind, target_id) VALUES ($1, 'host.drain', 'host', 'a')`, [at]);
    const token = [await insertUser(dataSource.manager), randomUUID(), randomUUID(), at];
    await dataSource.query('INSERT INTO refresh_tokens (user_id, family_id, token_hash, expires_at) VALUES ($1, $2, $3, $4)', token);
    await dataSource.query(`INSERT INTO mails (recipient, kind, data, created_at) VALUES ('a@example.org', 'receipt', '{}', $1)`, [at]);
    const link = [randomUUID(), token[0], at];
    await dataSource.query(
      `INSERT INTO account_tokens (id, user_id, kind, email, expires_at) VALUES ($1, $2, 'verify_email', '', $3)`,
      link,
    );
    await dataSource.query('INSERT INTO service_nonces (nonce, expires_at) VALUES ($1, $2)', [randomUUID(), at]);
  }
}

const SESSION = {
  exam_sessions: 1,
  environments: 1,
  exam_attempts: 1,
  question_results: 1,
  check_results: 1,
  clock_entries: 1,
  session_events: 1,
};
const EXPECTED: Record<Retained, Record<string, number>> = {
  sessions: { ...SESSION, connect_tickets: 1, terminal_sessions: 1, recordings: 1, question_marks: 1, question_help: 1, regrades: 1 },
  events: { session_events: 1 },
  blobs: { blobs: 1 },
  sweepReports: { sweep_reports: 1 },
  audit: { audit_log: 1 },
  refreshTokens: { refresh_tokens: 1 },
  nonces: { service_nonces: 1 },
  mails: { mails: 1 },
  accountTokens: { account_tokens: 1 },
  recordings: { recordings: 1 },
};

describe.each(RETAINED)('%s', (what) => {
  it('go when they are due, once, and nothing else goes', async () => {
    await everything();
    expect(await gone(what)).toEqual(EXPECTED[what]);
    expect(await gone(what)).toEqual({});
  });

  it('go in batches, the last of them not full', async () => {
    for (let times = 0; times < 3; times += 1) await everything();
    expect([await remove(what, 2), await remove(what, 2), await remove(what, 2)]).toEqual([2, 1, 0]);
  });

  it('are refused for a time that has not come', async () => {
    const request = { what, before: Date.now() + 60_000, limit: 1 };
    await expect(retentionRecords(dataSource).deleteExpired(request)).rejects.toMatchObject({
      kind: 'bug',
      code: 'RETENTION_OF_THE_FUTURE',
    });
  });
});

it('keeps sessions of which anything is left to happen', async () => {
  await session(null);
  await session(OLD, { environment: 'lost' });
  await session(OLD, { environment: 'destroying' });
  await session(OLD, { attempt: 'grading' });
  expect(await gone('sessions')).toEqual({});
  expect(await gone('events')).toEqual({ session_events: 3 });
});

it('keeps the content of recordings as long as these, however long nobody played them', async () => {
  await session(YOUNG);
  expect(await gone('blobs')).toEqual({});
  await dataSource.query('DELETE FROM recordings');
  expect(await gone('blobs')).toEqual({ blobs: 1 });
});

it('keeps the content of lab packs, however long nobody used it', async () => {
  const digest = await insertBlob(OLD);
  const pack = PackDigest.parse(`sha256:${'1'.repeat(64)}`);
  await dataSource.query(`INSERT INTO lab_packs (digest, lab_id, blob_digest) VALUES ($1, 'a-lab', $2)`, [pack, digest]);
  expect(await gone('blobs')).toEqual({});
});

it('knows every table that refers to a session, so that none stops it from going', async () => {
  const rows = z.array(z.object({ table: z.string() })).parse(
    await dataSource.query(
      `SELECT DISTINCT conrelid::regclass::text AS "table" FROM pg_constraint
        WHERE contype = 'f' AND confdeltype = 'a' AND confrelid::regclass::text IN ('exam_sessions', 'exam_attempts', 'question_results')`,
    ),
  );
  const referring = Object.keys(SESSION).filter((table) => table !== 'exam_sessions');
  expect(rows.map(({ table }) => table).toSorted()).toEqual(referring.toSorted());
});
