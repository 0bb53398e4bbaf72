import type { ClockEntry, ExamSessionId } from '@ckx/contracts';
import type { ClockView, ExtendRequest } from '@ckx/contracts/exam-session';
import { addEntry, creditFor, deadline, isFreeEntryId, startEntries, type Gap } from '@ckx/session-lifecycle';
import { CancellationScope, ApplicationFailure, currentUpdateInfo, log } from '@temporalio/workflow';
import { records } from './activities.ts';

/** Bounds of one extension, and of one credit by an administrator. */
const GIVEN_MS = { min: 60_000, max: 4 * 3_600_000 } as const;

/** A session's ledger of time: what is in it, is in Postgres a moment later. */
export class SessionClock {
  readonly #examSessionId: ExamSessionId;
  readonly #isRunning: () => boolean;
  readonly #onChange: () => void;
  #entries: readonly ClockEntry[] = [];

  /** @param isRunning whether time can be given still. */
  constructor(examSessionId: ExamSessionId, isRunning: () => boolean, onChange: () => void) {
    this.#examSessionId = examSessionId;
    this.#isRunning = isRunning;
    this.#onChange = onChange;
  }

  /** Epoch milliseconds; null until the clock starts. */
  get deadlineAt(): number | null {
    return deadline(this.#entries);
  }

  get view(): ClockView {
    return { deadlineAt: this.deadlineAt, entries: this.#entries };
  }

  /** Returns when Postgres has it. */
  async start(durationMs: number, extraTimeMs: number): Promise<void> {
    for (const entry of startEntries(Date.now(), durationMs, extraTimeMs)) await this.#add(entry);
  }

  /**
   * Gives back a gap in which nobody could look after the session, where its clock ran. The deadline moves at once; nobody waits for the
   * record of it.
   */
  creditGap(gap: Gap): void {
    const entry = this.#isRunning() ? creditFor(this.#entries, gap, Date.now()) : null;
    if (entry === null) return;
    this.#add(entry).catch((error: unknown) => log.error('a credit was not recorded', { entry, error }));
  }

  /** @throws ApplicationFailure where time cannot be given, or not this much of it. */
  mayGive({ milliseconds }: ExtendRequest): void {
    const { deadlineAt } = this;
    if (!this.#isRunning() || deadlineAt === null || Date.now() >= deadlineAt) {
      throw ApplicationFailure.nonRetryable('Only a running session can be given more time.', 'SESSION_NOT_RUNNING');
    }
    if (!Number.isInteger(milliseconds) || milliseconds < GIVEN_MS.min || milliseconds > GIVEN_MS.max) {
      throw ApplicationFailure.nonRetryable('An extension is at least one minute and at most four hours.', 'EXTENSION_OUT_OF_RANGE');
    }
    const id = currentUpdateInfo()?.id;
    if (id === undefined || !isFreeEntryId(id)) {
      throw ApplicationFailure.nonRetryable('An extension needs an id of its own.', 'EXTENSION_WITHOUT_ID');
    }
  }

  /** An administrator's decision; the update's id is the entry's, so that a repeated call gives time once. */
  async give(kind: 'extension' | 'credit', { milliseconds, reason }: ExtendRequest): Promise<ClockView> {
    const id = currentUpdateInfo()?.id;
    if (id === undefined) throw ApplicationFailure.nonRetryable('An extension needs an id.', 'EXTENSION_WITHOUT_ID');
    await this.#add({ id, kind, milliseconds, at: Date.now(), reason });
    return this.view;
  }

  /** An entry that is there already changes nothing. */
  async #add(entry: ClockEntry): Promise<void> {
    this.#entries = addEntry(this.#entries, entry);
    const { deadlineAt } = this;
    if (deadlineAt === null) throw ApplicationFailure.nonRetryable('The clock has not started.', 'CLOCK_NOT_STARTED');
    // Time that was given is written, though the session ends at this moment and with it whatever gave the time.
    await CancellationScope.nonCancellable(() => records.recordClock({ examSessionId: this.#examSessionId, entry, deadlineAt }));
    this.#onChange();
  }
}
