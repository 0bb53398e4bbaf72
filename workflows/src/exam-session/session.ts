import type { RecordActivities } from '@ckx/activities';
import {
  PROVISION_STEPS,
  type AttemptState,
  type EnvironmentSpec,
  type EnvironmentState,
  type ExamSessionId,
  type Failure,
  type ProvisionStep,
  type QuestionId,
  type SessionOutcome,
  type SessionState,
} from '@ckx/contracts';
import {
  authorizeKeyUpdate,
  capacityReleasedSignal,
  checkQuestionUpdate,
  creditUpdate,
  extendUpdate,
  inspectUpdate,
  SEARCH_ATTRIBUTES,
  startClockSignal,
  statusQuery,
  submitSignal,
  terminateSignal,
  type ExamSessionInput,
  type ExamSessionStatus,
  type ExtendRequest,
} from '@ckx/contracts/exam-session';
import {
  ApplicationFailure,
  CancellationScope,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { hostActivities, records } from './activities.ts';
import { QuestionChecks } from './checks.ts';
import { SessionClock } from './clock.ts';

/** How a session ends: as its candidate, its clock or an administrator has it, or by a failure. */
export type Ending = { readonly outcome: SessionOutcome } | { readonly failure: Failure };

interface PublicKey {
  readonly publicKey: string;
}

/** What is told of a part of the environment that died, but for the session and the number of the record. */
type Restart = Omit<Parameters<RecordActivities['recordRestart']>[0], 'examSessionId' | 'sequence'>;

/** What is known about one session, the messages that change it, and the one way in which it is written to Postgres. */
export class ExamSession {
  readonly input: ExamSessionInput;
  readonly clock: SessionClock;
  readonly checks: QuestionChecks;
  /** What the workflow has decided; Postgres, and with it every client, follows. */
  state: SessionState = 'created';
  environment: EnvironmentSpec | null = null;
  attempt: AttemptState | null = null;
  /** Set once: whoever ends the session first, wins. */
  ending: Ending | null = null;
  clockRequested = false;
  capacityReleased = false;

  #written: SessionState = 'created';
  #environmentState: EnvironmentState | null = null;
  #sequence = 0;
  readonly #underWay = new Set<ProvisionStep>();
  #failedStep: ProvisionStep | null = null;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(input: ExamSessionInput) {
    this.input = input;
    this.clock = new SessionClock(
      input.examSessionId,
      () => this.state === 'running' && this.ending === null,
      () => this.show(),
    );
    this.checks = new QuestionChecks(this);
  }

  get id(): ExamSessionId {
    return this.input.examSessionId;
  }

  /** What the environment is made of; there is one once the session has its place. */
  get spec(): EnvironmentSpec {
    if (this.environment === null) throw new Error('the session has no environment yet');
    return this.environment;
  }

  get hasEnding(): boolean {
    return this.ending !== null;
  }

  /** The step of provisioning that failed, or the first that is under way. */
  get step(): ProvisionStep | null {
    return this.#failedStep ?? PROVISION_STEPS.find((step) => this.#underWay.has(step)) ?? null;
  }

  /** Registers every handler; called before the first await, because messages may be older than the first task. */
  listen(): void {
    setHandler(statusQuery, () => this.status());
    setHandler(capacityReleasedSignal, () => {
      this.capacityReleased = true;
    });
    setHandler(startClockSignal, () => {
      this.clockRequested = true;
    });
    // The API refuses to hand in what was not started; a signal that comes all the same changes nothing.
    setHandler(submitSignal, () => {
      if (this.state === 'running') this.ending ??= { outcome: 'submitted' };
    });
    setHandler(terminateSignal, ({ outcome }) => {
      this.ending ??= { outcome };
    });
    const validator = (request: ExtendRequest) => this.clock.mayGive(request);
    setHandler(extendUpdate, (request) => this.clock.give('extension', request), { validator });
    setHandler(creditUpdate, (request) => this.clock.give('credit', request), { validator });
    setHandler(inspectUpdate, async () => hostActivities(this.#place().hostId).prompt.inspectEnvironment(this.#place()), {
      validator: () => void this.#place(),
    });
    setHandler(checkQuestionUpdate, (request) => this.checks.run(request), {
      validator: (request: { readonly questionId: QuestionId }) => this.checks.mayRun(request),
    });
    setHandler(authorizeKeyUpdate, ({ publicKey }) => this.#authorizeKey(publicKey), {
      validator: (key: PublicKey) => this.#mayAuthorizeKey(key),
    });
  }

  status(): ExamSessionStatus {
    const ended = this.#written === 'terminated' || this.#written === 'failed' ? this.ending : null;
    return {
      state: this.#written,
      sequence: this.#sequence,
      step: this.step,
      outcome: ended !== null && 'outcome' in ended ? ended.outcome : null,
      failure: ended !== null && 'failure' in ended ? ended.failure : null,
      attempt: this.attempt,
      environment: this.#environmentState,
      hostId: this.environment?.hostId ?? null,
      clock: this.clock.view,
    };
  }

  /** Moves the session on; returns when Postgres has it. */
  async transition(to: SessionState, ending?: Ending): Promise<void> {
    this.state = to;
    await this.#write((sequence) => records.recordTransition({ examSessionId: this.id, sequence, to, ...ending }));
    this.#written = to;
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.state, value: to }]);
    if (ending && 'outcome' in ending) upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.outcome, value: ending.outcome }]);
    this.show();
  }

  /** The session has its place: from here on its environment is built, under a limit of time. */
  async initialize(): Promise<void> {
    await this.transition('initializing');
    this.#report('admitted', { durationMs: Date.now() - workflowInfo().startTime.getTime() });
  }

  /** Opens the attempt and starts the clock: from here on the candidate's time runs. */
  async startClock(): Promise<void> {
    await records.beginAttempt({ examSessionId: this.id });
    this.attempt = 'in_progress';
    await this.clock.start(this.input.lab.durationMs, this.input.extraTimeMs ?? 0);
    await this.transition('running');
  }

  /** Runs one step of provisioning and shows its true beginning, parts and end to the candidate, without waiting for that. */
  async takeStep<T>(step: ProvisionStep, work: (report: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    return await this.during(step, async () => {
      const begunAt = Date.now();
      this.#report(step, {});
      const result = await work((done, total) => this.#report(step, { done, total }));
      this.#report(step, { durationMs: Date.now() - begunAt });
      return result;
    });
  }

  /** Runs a part of a step: whatever fails or is stuck in it, is this step's. */
  async during<T>(step: ProvisionStep, work: () => Promise<T>): Promise<T> {
    this.#underWay.add(step);
    // Once more: whatever it failed of before is no longer what the session fails of.
    if (this.#failedStep === step) this.#failedStep = null;
    this.show();
    try {
      const result = await work();
      this.#underWay.delete(step);
      return result;
    } catch (error) {
      this.#failedStep ??= step;
      throw error;
    }
  }

  #report(step: ProvisionStep, progress: { durationMs?: number; done?: number; total?: number }): void {
    this.#tell((sequence) => records.recordProgress({ examSessionId: this.id, sequence, step, ...progress }));
  }

  /** Shows that a part of the environment died, or runs again, without waiting for that. */
  tellRestart(restart: Restart): void {
    this.#tell((sequence) => records.recordRestart({ examSessionId: this.id, sequence, ...restart }));
  }

  #tell(record: (sequence: number) => Promise<void>): void {
    this.#write(record).catch((error: unknown) => {
      // Refused for ever, so a bug of ours: the candidate's session matters more than its progress bar.
      log.error('an event was not recorded', { error });
    });
  }

  async setAttempt(state: Exclude<AttemptState, 'in_progress'>): Promise<void> {
    await records.recordAttempt({ examSessionId: this.id, state });
    this.attempt = state;
    this.show();
  }

  /** Notes the environment's state, without writing it. */
  noteEnvironment(state: EnvironmentState): void {
    this.#environmentState = state;
    this.show();
  }

  /** The environment is to be built with other ports and another network. */
  noteMove(environment: EnvironmentSpec): void {
    this.environment = environment;
    this.show();
  }

  noteAdmission(environment: EnvironmentSpec): void {
    this.environment = environment;
    this.noteEnvironment('provisioning');
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.host, value: environment.hostId }]);
  }

  /**
   * Writes one numbered record after another, so that Postgres sees the sequence grow; whatever happens to the session, what was
   * begun is written.
   */
  #write(record: (sequence: number) => Promise<void>): Promise<void> {
    const sequence = ++this.#sequence;
    const written = this.#lastWrite.then(() => CancellationScope.nonCancellable(() => record(sequence)));
    this.#lastWrite = written.catch(() => undefined);
    return written;
  }

  /** For the Temporal console. */
  show(waiting?: string): void {
    const { deadlineAt } = this.clock;
    const lines = [
      `**${this.state}**${this.state === 'initializing' && this.step ? ` · ${this.step}` : ''}`,
      waiting,
      this.environment
        ? `Environment \`${this.environment.executionEnvironmentId}\` on \`${this.environment.hostId}\`: ${this.#environmentState}`
        : null,
      deadlineAt === null ? null : `Deadline ${new Date(deadlineAt).toISOString()}`,
      this.ending && 'failure' in this.ending ? `${this.ending.failure.type}: ${this.ending.failure.reason}` : null,
      this.ending && 'outcome' in this.ending ? `Outcome ${this.ending.outcome}` : null,
      this.attempt ? `Attempt ${this.attempt}` : null,
    ];
    setCurrentDetails(lines.filter(Boolean).join('\n\n'));
  }

  /** @throws ApplicationFailure where there is no environment, or none any more. */
  #place(): EnvironmentSpec {
    const isThere = this.#environmentState !== 'destroyed' && this.#environmentState !== 'lost';
    if (this.environment === null || !isThere) {
      throw ApplicationFailure.nonRetryable('The session has no environment.', 'SESSION_NOT_OPEN');
    }
    return this.environment;
  }

  #mayAuthorizeKey({ publicKey }: PublicKey): void {
    // One line: anything after it would be a key, or an option, of its own.
    if (!/^(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/]+=*( [^\r\n]*)?$/.test(publicKey)) {
      throw ApplicationFailure.nonRetryable('This is not a public key in OpenSSH format.', 'PUBLIC_KEY_INVALID');
    }
    if ((this.state !== 'ready' && this.state !== 'running') || this.ending !== null) {
      throw ApplicationFailure.nonRetryable('A key can be added only while the session is ready or running.', 'SESSION_NOT_OPEN');
    }
  }

  async #authorizeKey(publicKey: string): Promise<void> {
    const spec = this.#place();
    await hostActivities(spec.hostId).prompt.authorizeKey({ spec, publicKey });
  }
}
