import {
  AttemptId,
  CkxError,
  type EarlierResult,
  ExamSessionId,
  type LabId,
  type LabRegradeReport,
  type PackDigest,
  type QuestionResult,
  type RegradeReport,
  type UserId,
} from '@ckx/contracts';
import { type GradingRules, passed, regrade, scoreOf } from '@ckx/grading';
import type { LabPack } from '@ckx/lab-packs';
import { oweMail } from '@ckx/mail';
import {
  CheckResultEntity,
  type DataSource,
  type EntityManager,
  ExamAttemptEntity,
  type ExamAttemptRow,
  ExamSessionEntity,
  type ExamSessionRow,
  inTransaction,
  RegradeEntity,
  SessionEventEntity,
} from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type KnownPack, Packs } from '../labs/packs.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { recordDeed } from './audit.ts';

/** Attempts of a lab in one call; each is a transaction of its own. */
const ATTEMPTS_IN_A_CALL = 200;

const DUE = `
  SELECT a.exam_session_id AS id, count(*) OVER () AS due FROM exam_attempts a JOIN exam_sessions s ON s.id = a.exam_session_id
   WHERE a.lab_id = $1 AND a.state = 'graded' AND NOT s.rehearsal AND coalesce(a.regraded_digest, a.lab_digest) <> $2
   ORDER BY a.id LIMIT ${ATTEMPTS_IN_A_CALL}`;
const Due = z.array(z.object({ id: ExamSessionId, due: z.int() }));

/** Attempts graded again by the lab as it is offered now. */
@Injectable()
export class Regrades {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly packs: Packs,
  ) {}

  /** @throws CkxError `LAB_UNKNOWN`, `GRADING_UNDER_WAY`, `NOTHING_TO_REGRADE`. */
  async ofSession(actorId: UserId, id: ExamSessionId, reason: string): Promise<RegradeReport> {
    const { labId, labDigest } = await this.dataSource.manager.findOneByOrFail(ExamSessionEntity, { id });
    const [corrected, ran] = await Promise.all([this.packs.toStart(labId), this.packs.pinned(labId, labDigest)]);
    return inTransaction(this.dataSource, (tx) => regradeOne(tx, { actorId, id, reason, ran, corrected }));
  }

  /** @throws CkxError `LAB_UNKNOWN`. */
  async ofLab(actorId: UserId, labId: LabId, reason: string): Promise<LabRegradeReport> {
    const corrected = await this.packs.toStart(labId);
    const due = Due.parse(await this.dataSource.query(DUE, [labId, corrected.digest]));
    const labDigest = corrected.digest;
    await inTransaction(this.dataSource, (tx) =>
      recordDeed(tx, {
        actorId,
        action: 'lab.regrade',
        target: { kind: 'lab', id: labId },
        reason,
        data: { labDigest, attempts: due.length },
      }),
    );
    const attempts: RegradeReport[] = [];
    for (const { id } of due) attempts.push(await this.ofSession(actorId, id, reason));
    return { labId, labDigest, attempts, remaining: (due[0]?.due ?? 0) - due.length };
  }
}

interface Order {
  readonly actorId: UserId;
  readonly id: ExamSessionId;
  readonly reason: string;
  /** The pack whose scripts gave the verdicts; null where nobody has it any more. */
  readonly ran: KnownPack | null;
  readonly corrected: KnownPack;
}

async function regradeOne(tx: EntityManager, { actorId, id, reason, ran, corrected }: Order): Promise<RegradeReport> {
  const session = await tx.findOneByOrFail(ExamSessionEntity, { id });
  const attempt = await gradedAttempt(tx, id);
  const stored = await storedResults(tx, attempt.id);
  const before = stored.map(({ questionId, checks }) => ({ questionId, checks: checks.filter(({ dropped }) => !dropped) }));
  const earlier = standing(before, session);
  const labDigest = corrected.digest;
  const report = { examSessionId: id, attemptId: attempt.id, labDigest, earlier };
  const gradedBy = attempt.regradedDigest ?? attempt.labDigest;
  if (gradedBy === labDigest) {
    const last = await tx.findOne(RegradeEntity, { where: { attemptId: attempt.id }, order: { at: 'DESC' } });
    return { ...report, regraded: false, current: earlier, statements: last?.statements ?? [] };
  }
  const { results, statements } = regrade(stored, ran === null ? null : rulesOf(ran), rulesOf(corrected));
  const current = standing(results, session);
  const regradeId = randomUUID();
  await tx.insert(RegradeEntity, {
    id: regradeId,
    attemptId: attempt.id,
    actorId,
    reason,
    labDigest,
    statements: [...statements],
    earlier: earlierResult(before, earlier, gradedBy),
  });
  await writeResults(tx, attempt.id, stored, results);
  await tx.update(ExamAttemptEntity, attempt.id, { ...current, regradedDigest: labDigest });
  await tx.insert(SessionEventEntity, { examSessionId: id, kind: 'regrade', data: { regradeId, labDigest, earlier, current } });
  const data = { attemptId: attempt.id, labDigest, earlier, current };
  await recordDeed(tx, { actorId, action: 'session.regrade', target: { kind: 'session', id }, reason, data });
  if (!session.rehearsal && (statements.length > 0 || current.percent !== earlier.percent)) {
    await oweMail(tx, {
      userId: session.userId,
      kind: 'attempt_regraded',
      data: {
        labTitle: session.labTitle,
        startedAt: attempt.startedAt.toISOString(),
        reason,
        earlierPercent: earlier.percent,
        percent: current.percent,
        passed: current.passed,
        sessionId: id,
      },
      eventKey: `regrade/${regradeId}`,
    });
  }
  return { ...report, regraded: true, current, statements: [...statements] };
}

async function gradedAttempt(tx: EntityManager, examSessionId: ExamSessionId): Promise<ExamAttemptRow> {
  const attempt = await tx.findOne(ExamAttemptEntity, { where: { examSessionId }, lock: { mode: 'pessimistic_write' } });
  if (attempt?.state === 'graded') return attempt;
  if (attempt?.state === 'in_progress' || attempt?.state === 'grading') {
    throw new CkxError('user', 'GRADING_UNDER_WAY', 'The attempt is not graded yet.', { remedy: 'Wait until it is graded.' });
  }
  throw new CkxError(
    'user',
    'NOTHING_TO_REGRADE',
    'This session has no result: it was not graded, nothing of it could be decided, or it is void.',
  );
}

interface StoredResult {
  readonly questionId: QuestionResult['questionId'];
  readonly checks: (QuestionResult['checks'][number] & { readonly dropped: boolean })[];
}

async function storedResults(tx: EntityManager, attemptId: AttemptId): Promise<StoredResult[]> {
  const rows = await tx.find(CheckResultEntity, { where: { attemptId }, order: { position: 'ASC' } });
  return [...Map.groupBy(rows, ({ questionId }) => questionId)].map(([questionId, checks]) => ({
    questionId,
    checks: checks.map(({ reason, ...check }) => ({ ...check, ...(reason === null ? {} : { reason }) })),
  }));
}

/** What is left of each check by the corrected pack; a dropped one keeps its verdict and its evidence. */
async function writeResults(
  tx: EntityManager,
  attemptId: AttemptId,
  stored: readonly StoredResult[],
  results: readonly QuestionResult[],
): Promise<void> {
  for (const { questionId, checks } of stored) {
    const counted = results.find((result) => result.questionId === questionId)?.checks ?? [];
    for (const { checkId } of checks) {
      const rule = counted.find((check) => check.checkId === checkId);
      const values = rule === undefined ? { dropped: true } : { dropped: false, description: rule.description, weight: rule.weight };
      await tx.update(CheckResultEntity, { attemptId, questionId, checkId }, values);
    }
  }
}

/** By the threshold that the session was sat with. */
function standing(results: readonly QuestionResult[], { lab }: ExamSessionRow): RegradeReport['current'] {
  const score = scoreOf(results);
  return { ...score, passed: passed(score, lab.passPercent) };
}

function earlierResult(results: readonly QuestionResult[], score: RegradeReport['earlier'], labDigest: PackDigest): EarlierResult {
  const questions = results.map(({ questionId, checks }) => ({
    questionId,
    checks: checks.map(({ checkId, description, weight, verdict }) => ({ checkId, description, weight, verdict })),
  }));
  return { ...score, labDigest, questions };
}

function rulesOf({ questions }: Pick<LabPack, 'questions'>): GradingRules {
  return { questions: questions.map(({ view, checks }) => ({ id: view.id, checks })) };
}
