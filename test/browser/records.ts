/** What the workflow and its activities would write of a session, for pages that show each state; the lifecycle's own rules hold. */
import { randomUUID } from 'node:crypto';
import { keepRecording } from '@ckx/connections';
import {
  AttemptId,
  CheckId,
  ConnectionId,
  ExamSessionId,
  type Failure,
  type SessionOutcome,
  type StepProgress,
  type Verdict,
} from '@ckx/contracts';
import {
  CheckResultEntity,
  ClockEntryEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  QuestionResultEntity,
  SessionEventEntity,
  type DataSource,
} from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import { insertEnvironment, insertHost } from '@ckx/test-support/records';

export class SessionRecords {
  readonly #database: DataSource;
  readonly id: ExamSessionId;

  constructor(database: DataSource, id: string) {
    this.#database = database;
    this.id = ExamSessionId.parse(id);
  }

  async #next(
    transition:
      { to: 'initializing' | 'ready' | 'running' } | { to: 'terminated'; outcome: SessionOutcome } | { to: 'failed'; failure: Failure },
  ) {
    const { sequence } = await this.#database.manager.findOneByOrFail(ExamSessionEntity, { id: this.id });
    await applyTransition(this.#database.manager, { examSessionId: this.id, sequence: sequence + 1, ...transition });
  }

  async wait(reason: string): Promise<void> {
    await this.#database.manager.update(ExamSessionEntity, this.id, { waiting: { reason } });
  }

  async initialize(): Promise<void> {
    await insertEnvironment(this.#database.manager, {
      hostId: await insertHost(this.#database.manager),
      subnet: subnet(),
      examSessionId: this.id,
    });
    await this.#next({ to: 'initializing' });
  }

  async progress(...steps: StepProgress[]): Promise<void> {
    for (const data of steps) await this.event('progress', data);
  }

  async ready(): Promise<void> {
    await this.#next({ to: 'ready' });
  }

  /** @param leftMs until the deadline. */
  async run(durationMs: number, leftMs: number): Promise<void> {
    await this.#next({ to: 'running' });
    const startedAt = new Date(Date.now() - durationMs + leftMs);
    const { userId, labId, labDigest } = await this.#database.manager.findOneByOrFail(ExamSessionEntity, { id: this.id });
    await this.#database.manager.insert(ExamAttemptEntity, { examSessionId: this.id, userId, labId, labDigest, startedAt });
    await this.give({ id: 'start', kind: 'start', milliseconds: durationMs, reason: 'started' }, startedAt);
    await this.#database.manager.update(ExamSessionEntity, this.id, { startedAt, deadlineAt: new Date(startedAt.getTime() + durationMs) });
  }

  async give(
    entry: { id: string; kind: 'start' | 'extension' | 'credit'; milliseconds: number; reason: string },
    at = new Date(),
  ): Promise<void> {
    const { deadlineAt } = await this.#database.manager.findOneByOrFail(ExamSessionEntity, { id: this.id });
    const later = new Date((deadlineAt ?? at).getTime() + entry.milliseconds);
    await this.#database.manager.insert(ClockEntryEntity, { examSessionId: this.id, ...entry, at });
    await this.#database.manager.update(ExamSessionEntity, this.id, { deadlineAt: later });
    await this.event('clock', { ...entry, at: at.getTime(), deadlineAt: later.getTime() });
  }

  async end(outcome: SessionOutcome, reason?: string): Promise<void> {
    if (reason !== undefined) await this.event('terminate_requested', { outcome, reason });
    await this.#next({ to: 'terminated', outcome });
  }

  async fail(failure: Failure): Promise<void> {
    await this.#next({ to: 'failed', failure });
  }

  async attempt(values: {
    state: 'grading' | 'graded' | 'grading_failed' | 'void';
    earned?: number;
    possible?: number;
    percent?: number;
    passed?: boolean;
    provisional?: boolean;
  }): Promise<void> {
    await this.#database.manager.update(
      ExamAttemptEntity,
      { examSessionId: this.id },
      { ...values, ...(values.state === 'grading' ? {} : { completedAt: new Date() }) },
    );
    await this.event('attempt', { state: values.state });
  }

  /** Results of as many questions of the lab as there are lists of checks. */
  async results(
    ...questions: readonly (readonly { description: string; weight: number; verdict: Verdict; evidence: string; reason?: string }[])[]
  ): Promise<void> {
    const { manager } = this.#database;
    const { id: attemptId } = await manager.findOneByOrFail(ExamAttemptEntity, { examSessionId: this.id });
    const { lab } = await manager.findOneByOrFail(ExamSessionEntity, { id: this.id });
    for (const [index, checks] of questions.entries()) {
      const question = lab.questions[index];
      if (checks.length === 0) continue;
      if (question === undefined) throw new Error(`The lab has no question ${index + 1}.`);
      const key = { attemptId: AttemptId.parse(attemptId), questionId: question.id };
      await manager.insert(QuestionResultEntity, { ...key, position: index + 1 });
      for (const [place, check] of checks.entries()) {
        const exitCode = check.verdict === 'errored' ? null : check.verdict === 'passed' ? 0 : 1;
        await manager.insert(CheckResultEntity, {
          ...key,
          ...check,
          reason: check.reason ?? null,
          checkId: CheckId.parse(`check-${place + 1}`),
          exitCode,
          durationMs: 120,
          position: place + 1,
        });
      }
    }
  }

  /** What a terminal showed: pieces of output, a second after each other. */
  async recording(...output: readonly string[]): Promise<void> {
    const { userId } = await this.#database.manager.findOneByOrFail(ExamSessionEntity, { id: this.id });
    const connectionId = ConnectionId.parse(randomUUID());
    await this.#database.query(
      `INSERT INTO terminal_sessions (id, exam_session_id, user_id, kind, tab, gateway_id) VALUES ($1, $2, $3, 'terminal', 'main', 'a test')`,
      [connectionId, this.id, userId],
    );
    const lines = [{ version: 3, term: { cols: 100, rows: 24 } }, ...output.map((text) => [1, 'o', text])];
    const content = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await keepRecording(this.#database, { connectionId, content, durationMs: output.length * 1000, cut: false });
  }

  async event(kind: string, data: object): Promise<void> {
    await this.#database.manager.insert(SessionEventEntity, { examSessionId: this.id, kind, data: { ...data } });
  }
}

let environments = 0;

/** Each environment has a network of its own. */
function subnet(): string {
  const start = environments++ * 64;
  return `10.213.${Math.floor(start / 256)}.${start % 256}/26`;
}

export const randomEmail = (): string => `candidate-${randomUUID()}@example.org`;
