import { AttemptId, CkxError, DomainScore, HistoryEntry, type HistoryPage, SessionMode, type UserId } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';

/**
 * A domain's part of a score: of what its decided checks weigh, how much was earned, as libs/grading counts it. Domains are pinned with the
 * session's lab, so that a history reads from Postgres alone whatever becomes of the pack.
 */
export const DOMAINS = `
  SELECT q.value ->> 'domain' AS domain, min(q.ordinality) AS place,
         coalesce(sum(c.weight) FILTER (WHERE c.verdict = 'passed'), 0)::int AS earned, sum(c.weight)::int AS possible
    FROM jsonb_array_elements(s.lab -> 'questions') WITH ORDINALITY q
    JOIN check_results c ON c.attempt_id = a.id AND c.question_id = q.value ->> 'id' AND c.verdict <> 'errored' AND NOT c.dropped
   GROUP BY 1 HAVING sum(c.weight) > 0`;

const SQL = `
  SELECT a.id AS "attemptId", s.id AS "examSessionId", s.lab_id AS "labId", s.lab_title AS "labTitle", s.lab ->> 'category' AS category,
         s.lab ->> 'type' AS type, s.mode, a.state, s.outcome, a.earned, a.possible, a.percent, a.provisional, a.passed,
         coalesce(s.started_at, a.started_at) AS "startedAt", s.ended_at AS "endedAt",
         round(extract(epoch FROM s.ended_at - coalesce(s.started_at, a.started_at)))::int AS "durationSeconds",
         CASE a.state WHEN 'graded' THEN (
           SELECT coalesce(json_agg(json_build_object('domain', d.domain, 'earned', d.earned, 'possible', d.possible,
                                                      'percent', round(100.0 * d.earned / d.possible)::int) ORDER BY d.place), '[]')
             FROM (${DOMAINS}) d) ELSE '[]' END AS domains
    FROM exam_attempts a JOIN exam_sessions s ON s.id = a.exam_session_id
   WHERE a.user_id = $1 AND NOT s.rehearsal AND ($4::text IS NULL OR s.mode = $4)
     AND ($2::uuid IS NULL OR (a.started_at, a.id) < (SELECT b.started_at, b.id FROM exam_attempts b WHERE b.id = $2 AND b.user_id = $1))
   ORDER BY a.started_at DESC, a.id DESC LIMIT $3`;

const at = z.date().transform((date) => date.toISOString());
const Row = HistoryEntry.extend({ startedAt: at, endedAt: at.nullable(), domains: z.array(DomainScore) });

/** More rows than this are no table that anybody reads, and a file of some megabytes. */
const EXPORT_LIMIT = 10_000;

export const HistoryQuery = z.object({
  /** Attempts before this one. */
  before: AttemptId.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** Both modes where left out. */
  mode: SessionMode.optional(),
});

interface Page {
  readonly before?: AttemptId | undefined;
  readonly limit: number;
  readonly mode?: SessionMode | undefined;
}

async function read(dataSource: DataSource, userId: UserId, { before, limit, mode }: Page): Promise<HistoryEntry[]> {
  const rows: unknown = await dataSource.query(SQL, [userId, before ?? null, limit, mode ?? null]);
  return z.array(Row).parse(rows);
}

/** One page of a candidate's attempts. An id that is not one of theirs has nothing before it. */
export async function readHistory(
  dataSource: DataSource,
  userId: UserId,
  { before, limit, mode }: z.infer<typeof HistoryQuery>,
): Promise<HistoryPage> {
  const found = await read(dataSource, userId, { before, limit: limit + 1, mode });
  const attempts = found.slice(0, limit);
  return { attempts, next: found.length > limit ? (attempts.at(-1)?.attemptId ?? null) : null };
}

/** All of them. @throws CkxError `EXPORT_TOO_LARGE`. */
export async function readWholeHistory(dataSource: DataSource, userId: UserId): Promise<HistoryEntry[]> {
  const attempts = await read(dataSource, userId, { limit: EXPORT_LIMIT + 1 });
  if (attempts.length <= EXPORT_LIMIT) return attempts;
  throw new CkxError('user', 'EXPORT_TOO_LARGE', `There are more than ${EXPORT_LIMIT} attempts.`, {
    remedy: 'Read them page by page with GET /api/v1/users/me/history.',
  });
}
