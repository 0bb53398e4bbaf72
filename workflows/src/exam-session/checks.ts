import type { CheckedQuestion, EnvironmentSpec, ExamSessionId, QuestionId, SessionState } from '@ckx/contracts';
import { CHECK_PAUSE_MS, type CHECK_REFUSALS, type ExamSessionInput } from '@ckx/contracts/exam-session';
import { ApplicationFailure, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { hostActivities, records } from './activities.ts';

/** What is asked of the session that is practised. */
interface Practised {
  readonly id: ExamSessionId;
  readonly input: ExamSessionInput;
  readonly state: SessionState;
  readonly environment: EnvironmentSpec | null;
  readonly hasEnding: boolean;
}

/** Runs of checks while a session is practised: one at a time, and none that outlives the session. */
export class QuestionChecks {
  readonly #session: Practised;
  readonly #runs = new Map<QuestionId, number>();
  #scope: CancellationScope | null = null;
  #endedAt: number | null = null;

  constructor(session: Practised) {
    this.#session = session;
  }

  get isUnderWay(): boolean {
    return this.#scope !== null;
  }

  /** @throws ApplicationFailure of a type of CHECK_REFUSALS. */
  mayRun({ questionId }: { readonly questionId: QuestionId }): void {
    const { input, state, hasEnding } = this.#session;
    if (input.mode !== 'practice') throw refused('PRACTICE_ONLY', 'An exam is checked at its end.');
    if (state !== 'running' || hasEnding) throw refused('SESSION_NOT_RUNNING', 'Questions are checked while the session’s clock runs.');
    if (!input.lab.questions.some(({ id }) => id === questionId)) throw refused('POSITION_UNKNOWN', 'This session has no such question.');
    if (this.isUnderWay) throw refused('CHECK_UNDER_WAY', 'The checks of a question run already; one at a time.');
    if (this.#endedAt !== null && Date.now() - this.#endedAt < CHECK_PAUSE_MS) {
      throw refused('CHECKED_JUST_NOW', `Checks ran less than ${CHECK_PAUSE_MS / 1_000} s ago.`);
    }
  }

  /** Returns when what the checks said is on record. @throws ApplicationFailure `SESSION_NOT_RUNNING` where the session ended meanwhile. */
  async run({ questionId }: { readonly questionId: QuestionId }): Promise<CheckedQuestion> {
    // Two messages may have been let in at once.
    if (this.isUnderWay) throw refused('CHECK_UNDER_WAY', 'The checks of a question run already; one at a time.');
    const number = (this.#runs.get(questionId) ?? 0) + 1;
    this.#runs.set(questionId, number);
    const scope = new CancellationScope();
    this.#scope = scope;
    try {
      return await scope.run(() => this.#check(questionId, number));
    } catch (error) {
      if (isCancellation(error)) throw refused('SESSION_NOT_RUNNING', 'The session ended while the checks ran.');
      throw error;
    } finally {
      this.#scope = null;
      this.#endedAt = Date.now();
    }
  }

  async #check(questionId: QuestionId, number: number): Promise<CheckedQuestion> {
    const { id: examSessionId, input, environment } = this.#session;
    if (environment === null) throw refused('SESSION_NOT_RUNNING', 'The session has no environment.');
    const { id: labId, digest } = input.lab;
    const host = hostActivities(environment.hostId).checks;
    const result = await host.checkQuestion({ spec: environment, labId, digest, questionId });
    const checkedAt = Date.now();
    return CancellationScope.nonCancellable(() => records.recordQuestionCheck({ examSessionId, number, checkedAt, result }));
  }

  /** Gives up what is under way, and waits until the host has let go of it. Does nothing where there is nothing. */
  async stop(): Promise<void> {
    if (this.#scope === null) return;
    this.#scope.cancel();
    await condition(() => this.#scope === null);
  }
}

function refused(code: (typeof CHECK_REFUSALS)[number], sentence: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(sentence, code);
}
