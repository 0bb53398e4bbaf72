import {
  type CheckedQuestion,
  CkxError,
  type ExamSessionId,
  type QuestionHelp,
  type QuestionObjects,
  type QuestionSolution,
  CheckedQuestion as CheckedQuestionSchema,
} from '@ckx/contracts';
import { mayBeOpen } from '@ckx/environment-access';
import type { PackQuestion } from '@ckx/lab-packs';
import {
  type DataSource,
  type EntityManager,
  ExamAttemptEntity,
  ExamSessionEntity,
  type ExamSessionRow,
  inTransaction,
  QuestionHelpEntity,
  QuestionMarkEntity,
  QuestionResultEntity,
} from '@ckx/persistence';
import { solutionRule } from '@ckx/session-lifecycle';
import { Inject, Injectable } from '@nestjs/common';
import { Packs } from '../labs/packs.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { Engine } from './engine.ts';
import { questionAt } from './marks.ts';

/** The help that questions of a practice session give: checks at any time, hints, solutions. */
@Injectable()
export class Practice {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly packs: Packs,
    private readonly engine: Engine,
  ) {}

  /**
   * Runs the checks of a question now, by the session's workflow.
   *
   * @throws CkxError `PRACTICE_ONLY`, `POSITION_UNKNOWN`, `SESSION_NOT_RUNNING`, `CHECK_UNDER_WAY`, `CHECKED_JUST_NOW`, `CHECK_NOT_FINISHED`,
   *   `WORKFLOW_UNKNOWN`, `ENGINE_UNAVAILABLE`.
   */
  async check(id: ExamSessionId, position: number): Promise<CheckedQuestion> {
    const session = await this.session(this.dataSource.manager, id);
    const question = questionAt(session, position);
    if (session.state !== 'running') throw notRunning();
    return this.engine.checkQuestion(id, question.id);
  }

  /** Shows the next hint. @throws CkxError `PRACTICE_ONLY`, `POSITION_UNKNOWN`, `SESSION_NOT_RUNNING`, `NO_HINTS_LEFT`, `LAB_CHANGED`. */
  async hint(id: ExamSessionId, position: number): Promise<QuestionHelp> {
    const { hints } = await this.inPack(await this.session(this.dataSource.manager, id), position);
    await inTransaction(this.dataSource, async (manager) => {
      const session = await this.session(manager, id, { mode: 'pessimistic_write' });
      if (!mayBeOpen(session, new Date()).open) throw notRunning();
      const shown = (await manager.findOneBy(QuestionHelpEntity, { examSessionId: id, position }))?.hints ?? 0;
      if (shown >= hints.length) {
        const sentence = hints.length === 0 ? 'This question has no hints.' : `All ${hints.length} hints of this question are shown.`;
        throw new CkxError('user', 'NO_HINTS_LEFT', sentence);
      }
      await manager.upsert(QuestionHelpEntity, { examSessionId: id, position, hints: shown + 1 }, ['examSessionId', 'position']);
    });
    return this.help(id, position);
  }

  /** What help a question has given; also after the end. @throws CkxError `PRACTICE_ONLY`, `POSITION_UNKNOWN`, `LAB_CHANGED`. */
  async help(id: ExamSessionId, position: number): Promise<QuestionHelp> {
    const { manager } = this.dataSource;
    const session = await this.session(manager, id);
    const question = await this.inPack(session, position);
    const help = await manager.findOneBy(QuestionHelpEntity, { examSessionId: id, position });
    const mark = await manager.findOneBy(QuestionMarkEntity, { examSessionId: id, position });
    const { hints = 0, tries = 0, failedTries = 0, lastCheck = null } = help ?? {};
    const since = mark?.openedAt ?? session.startedAt;
    const withItMs = since === null ? 0 : (session.endedAt?.getTime() ?? Date.now()) - since.getTime();
    const { shown, sentence } = solutionRule({ tries, failedTries, withItMs });
    return {
      position,
      hints: question.hints.slice(0, hints),
      hintsLeft: Math.max(0, question.hints.length - hints),
      tries,
      lastCheck: lastCheck === null ? null : CheckedQuestionSchema.parse(lastCheck),
      solution: shown ? solutionOf(question) : null,
      solutionWhen: sentence,
    };
  }

  /** Of either mode, once it is graded. @throws CkxError `POSITION_UNKNOWN`, `OBJECTS_UNKNOWN`. */
  async objects(id: ExamSessionId, position: number): Promise<QuestionObjects> {
    const { manager } = this.dataSource;
    const session = await manager.findOneByOrFail(ExamSessionEntity, { id });
    const { id: questionId } = questionAt(session, position);
    const attempt = await manager.findOneBy(ExamAttemptEntity, { examSessionId: id });
    const result = attempt && (await manager.findOneBy(QuestionResultEntity, { attemptId: attempt.id, questionId }));
    if (!result || result.objects === null || result.objectsNamespace === null) {
      throw new CkxError('user', 'OBJECTS_UNKNOWN', 'No objects are kept of this question.');
    }
    const { objects, objectsNamespace: namespace, objectsCut: cut, gradedAt } = result;
    return { position, namespace, objects, cut, takenAt: gradedAt.toISOString() };
  }

  /** @throws CkxError `PRACTICE_ONLY`. */
  private async session(manager: EntityManager, id: ExamSessionId, lock?: { mode: 'pessimistic_write' }): Promise<ExamSessionRow> {
    const session = await manager.findOneOrFail(ExamSessionEntity, { where: { id }, ...(lock && { lock }) });
    if (session.mode === 'practice') return session;
    throw new CkxError('user', 'PRACTICE_ONLY', 'An exam gives no help: no checks before its end, no hints, no solutions.', {
      remedy: 'Start a session with the mode `practice`.',
    });
  }

  private async inPack(session: ExamSessionRow, position: number): Promise<PackQuestion> {
    const { id } = questionAt(session, position);
    const pack = await this.packs.pinned(session.labId, session.labDigest);
    const question = pack?.questions.find(({ view }) => view.id === id);
    if (question !== undefined) return question;
    throw new CkxError('operational', 'LAB_CHANGED', 'The lab changed since the session was created, and was not kept as it was.');
  }
}

/** What a pack says of how a question is solved. */
export function solutionOf({ solutionText, explanation, documentation }: PackQuestion): QuestionSolution {
  return { script: solutionText, explanation, documentation: [...documentation] };
}

function notRunning(): CkxError {
  return new CkxError('user', 'SESSION_NOT_RUNNING', 'Help is given while the session’s clock runs.', {
    remedy: 'Start the clock with POST /api/v1/sessions/:id/start; of a session that is over, see its result.',
  });
}
