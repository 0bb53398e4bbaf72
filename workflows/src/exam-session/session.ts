import {
  PROVISION_STEPS,
  type AttemptState,
  type ClockEntry,
  type EnvironmentSpec,
  type EnvironmentState,
  type ExamSessionId,
  type Failure,
  type ProvisionStep,
  type SessionOutcome,
  type SessionState,
} from '@ckx/contracts';
import {
  authorizeKeyUpdate,
  capacityReleasedSignal,
  extendUpdate,
  SEARCH_ATTRIBUTES,
  startClockSignal,
  statusQuery,
  submitSignal,
  terminateSignal,
  type ClockView,
  type ExamSessionInput,
  type ExamSessionStatus,
  type ExtendRequest,
} from '@ckx/contracts/exam-session';
import { addEntry, deadline } from '@ckx/session-lifecycle';
import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { hostActivities, records } from './activities.ts';

/** How a session ends: as its candidate, its clock or an administrator has it, or by a failure. */
export type Ending = { readonly outcome: SessionOutcome } | { readonly failure: Failure };

interface PublicKey {
  readonly publicKey: string;
}

/** Bounds of one extension. */
const EXTENSION_MS = { min: 60_000, max: 4 * 3_600_000 } as const;

/** What is known about one session, the messages that change it, and the one way in which it is written to Postgres. */
export class ExamSession {
  readonly input: ExamSessionInput;
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
  #clock: readonly ClockEntry[] = [];
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(input: ExamSessionInput) {
    this.input = input;
  }

  get id(): ExamSessionId {
    return this.input.examSessionId;
  }

  /** Epoch milliseconds; null until the clock starts. */
  get deadlineAt(): number | null {
    return deadline(this.#clock);
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
    setHandler(extendUpdate, (request) => this.#extend(request), { validator: (request: ExtendRequest) => this.#mayExtend(request) });
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
      clock: this.#clockView(),
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
    await this.#addClockEntry({ id: 'start', kind: 'start', milliseconds: this.input.lab.durationMs, at: Date.now(), reason: 'started' });
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
    this.#write((sequence) => records.recordProgress({ examSessionId: this.id, sequence, step, ...progress })).catch((error: unknown) => {
      // Refused for ever, so a bug of ours: the candidate's session matters more than its progress bar.
      log.error('progress was not recorded', { step, error });
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

  noteAdmission(environment: EnvironmentSpec): void {
    this.environment = environment;
    this.noteEnvironment('provisioning');
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.host, value: environment.hostId }]);
  }

  /** Adds to the ledger and writes it; an entry that is there already changes nothing. */
  async #addClockEntry(entry: ClockEntry): Promise<void> {
    this.#clock = addEntry(this.#clock, entry);
    const deadlineAt = this.deadlineAt;
    if (deadlineAt === null) throw ApplicationFailure.nonRetryable('The clock has not started.', 'CLOCK_NOT_STARTED');
    await records.recordClock({ examSessionId: this.id, entry, deadlineAt });
    this.show();
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
    const deadline = this.deadlineAt;
    const lines = [
      `**${this.state}**${this.state === 'initializing' && this.step ? ` · ${this.step}` : ''}`,
      waiting,
      this.environment
        ? `Environment \`${this.environment.executionEnvironmentId}\` on \`${this.environment.hostId}\`: ${this.#environmentState}`
        : null,
      deadline === null ? null : `Deadline ${new Date(deadline).toISOString()}`,
      this.ending && 'failure' in this.ending ? `${this.ending.failure.type}: ${this.ending.failure.reason}` : null,
      this.ending && 'outcome' in this.ending ? `Outcome ${this.ending.outcome}` : null,
      this.attempt ? `Attempt ${this.attempt}` : null,
    ];
    setCurrentDetails(lines.filter(Boolean).join('\n\n'));
  }

  #clockView(): ClockView {
    return { deadlineAt: this.deadlineAt, entries: this.#clock };
  }

  #mayExtend({ milliseconds }: ExtendRequest): void {
    const deadline = this.deadlineAt;
    if (this.state !== 'running' || this.ending !== null || deadline === null || Date.now() >= deadline) {
      throw ApplicationFailure.nonRetryable('Only a running session can be given more time.', 'SESSION_NOT_RUNNING');
    }
    if (!Number.isInteger(milliseconds) || milliseconds < EXTENSION_MS.min || milliseconds > EXTENSION_MS.max) {
      throw ApplicationFailure.nonRetryable('An extension is at least one minute and at most four hours.', 'EXTENSION_OUT_OF_RANGE');
    }
  }

  async #extend({ milliseconds, reason }: ExtendRequest): Promise<ClockView> {
    const id = currentUpdateInfo()?.id;
    if (id === undefined) throw ApplicationFailure.nonRetryable('An extension needs an id.', 'EXTENSION_WITHOUT_ID');
    await this.#addClockEntry({ id, kind: 'extension', milliseconds, at: Date.now(), reason });
    return this.#clockView();
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
    const spec = this.environment;
    if (spec === null) throw ApplicationFailure.nonRetryable('The session has no environment.', 'SESSION_NOT_OPEN');
    await hostActivities(spec.hostId).prompt.authorizeKey({ spec, publicKey });
  }
}
