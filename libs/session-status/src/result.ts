import { AttemptResult, CheckResult, QuestionId, Regrade, SECOND_GRADING, SecondGrading, type ExamSessionId } from '@ckx/contracts';
import { questionScore } from '@ckx/grading';
import { z } from 'zod';
import { readRows, timestamp, type Reader } from './reader.ts';

/** Rows hold null where a check's result has no field. */
const CheckRow = CheckResult.extend({
  reason: z
    .string()
    .nullable()
    .transform((reason) => reason ?? undefined),
});

const Row = AttemptResult.omit({ questions: true, solutionsMissing: true }).extend({
  startedAt: timestamp,
  completedAt: timestamp.nullable(),
  questions: z.array(
    z.object({
      questionId: QuestionId,
      position: z.int(),
      title: z.string(),
      domain: z.string(),
      hasObjects: z.boolean(),
      checks: z.array(CheckRow),
    }),
  ),
  // As Postgres writes times into JSON: with an offset.
  regrades: z.array(Regrade.extend({ at: z.coerce.date().transform((date) => date.toISOString()) })),
  secondGradings: z.array(SecondGrading),
});

/** Questions come from what the session pinned of its lab: one that was not graded is shown without checks. */
const SQL = `
  SELECT a.id AS "attemptId", s.id AS "examSessionId", a.lab_id AS "labId", coalesce(a.regraded_digest, a.lab_digest) AS "labDigest", s.mode,
         a.state, s.outcome,
         (s.lab ->> 'passPercent')::integer AS "passPercent", a.percent, a.earned, a.possible, a.provisional, a.passed,
         coalesce(s.started_at, a.started_at) AS "startedAt", a.completed_at AS "completedAt",
         round(extract(epoch FROM s.ended_at - coalesce(s.started_at, a.started_at)))::integer AS "durationSeconds",
         (SELECT jsonb_agg(jsonb_build_object('questionId', q.question ->> 'id', 'position', q.position, 'title', q.question ->> 'title',
                           'domain', q.question ->> 'domain',
                           'hasObjects', EXISTS (SELECT FROM question_results o
                              WHERE o.attempt_id = a.id AND o.question_id = q.question ->> 'id' AND o.objects IS NOT NULL),
                           'checks', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('checkId', c.check_id, 'description', c.description, 'weight', c.weight,
                     'verdict', c.verdict, 'reason', c.reason, 'evidence', c.evidence, 'exitCode', c.exit_code,
                     'durationMs', c.duration_ms) ORDER BY c.position), '[]')
              FROM check_results c WHERE c.attempt_id = a.id AND c.question_id = q.question ->> 'id' AND NOT c.dropped)) ORDER BY q.position)
            FROM jsonb_array_elements(s.lab -> 'questions') WITH ORDINALITY AS q (question, position)) AS questions,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('regradeId', r.id, 'at', r.at, 'reason', r.reason, 'labDigest', r.lab_digest,
                                                      'statements', r.statements, 'earlier', r.earlier) ORDER BY r.at DESC, r.id), '[]')
            FROM regrades r WHERE r.attempt_id = a.id) AS regrades,
         (SELECT coalesce(jsonb_agg(g.data), '[]') FROM session_events g
           WHERE g.exam_session_id = s.id AND g.kind = '${SECOND_GRADING}') AS "secondGradings"
    FROM exam_attempts a
    JOIN exam_sessions s ON s.id = a.exam_session_id
   WHERE s.id = $1`;

/** A result as Postgres has it: solutions are in the pack. */
type RecordedResult = Omit<AttemptResult, 'questions' | 'solutionsMissing'> & {
  readonly questions: readonly Omit<AttemptResult['questions'][number], 'solution'>[];
};

/** The attempt of a session, as far as it is graded; null where there is none. A question's score follows from its checks. */
export async function getAttemptResult(reader: Reader, examSessionId: ExamSessionId): Promise<RecordedResult | null> {
  const [attempt] = await readRows(reader, Row, SQL, [examSessionId]);
  if (attempt === undefined) return null;
  const { secondGradings, ...result } = attempt;
  const questions = result.questions.map(({ hasObjects, ...question }) => {
    const { earned, possible } = questionScore(question);
    const second = secondGradings.find(({ questionId }) => questionId === question.questionId);
    const checks = question.checks.map((check) => {
      const again = second?.verdicts.find(({ checkId }) => checkId === check.checkId);
      return { ...check, ...(again && { secondVerdict: again.verdict }) };
    });
    const objects = hasObjects ? `/api/v1/sessions/${examSessionId}/questions/${question.position}/objects` : null;
    return { ...question, earned, possible, objects, checks };
  });
  return { ...result, questions };
}
