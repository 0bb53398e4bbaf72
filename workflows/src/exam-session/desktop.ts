import type { EnvironmentSpec, WatchFinding } from '@ckx/contracts';
import { isCancellation, log } from '@temporalio/workflow';
import { records, type Host } from './activities.ts';
import type { ExamSession } from './session.ts';

/** As often as any part; but a session goes on without a desktop. */
const RESTARTS_AT_MOST = 3;

/**
 * The desktop of a session that is ready: nobody waited for it, and whatever becomes of it, the terminal is there. No session that began before
 * there were desktops needs one, so that its history meets none of this.
 */
export class Desktop {
  readonly #session: ExamSession;
  readonly #host: Host;
  #open = false;
  #restarts = 0;
  #givenUp = false;

  constructor(session: ExamSession, host: Host) {
    this.#session = session;
    this.#host = host;
  }

  get isNeeded(): boolean {
    return this.#session.spec.needs.desktop && !this.#givenUp;
  }

  /** What is to be watched: all, but a desktop that was given up. */
  get watched(): EnvironmentSpec {
    const { spec } = this.#session;
    return this.#givenUp ? { ...spec, needs: { ...spec.needs, desktop: false } } : spec;
  }

  /** Returns when it is open, or will not be by this. @throws where it is cancelled. */
  async open(): Promise<void> {
    try {
      const { desktopSecret } = await this.#host.desktop.openDesktop(this.#session.spec);
      await this.#record(desktopSecret ?? null);
      this.#open = true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      // One that ended while it started is found by the watch.
      log.warn('the desktop did not open', { error });
    }
  }

  /** Starts it again, up to three times. */
  async restart({ reason }: Extract<WatchFinding, { kind: 'down' }>): Promise<void> {
    const part = 'desktop';
    if (this.#restarts === RESTARTS_AT_MOST) return this.#giveUp(reason);
    const number = (this.#restarts += 1);
    this.#session.tellRestart({ part, number, state: 'down', reason });
    try {
      const { ready } = await this.#host.watch.restartPart({ spec: this.#session.spec, part });
      this.#session.tellRestart({ part, number, state: 'up', ready });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('the desktop was not started again', { error });
      return;
    }
    if (!this.#open) await this.open();
  }

  async #giveUp(reason: string): Promise<void> {
    this.#givenUp = true;
    log.warn('the desktop is given up', { reason });
    await this.#record(null);
  }

  #record(desktopSecret: string | null): Promise<void> {
    return records.recordDesktop({ executionEnvironmentId: this.#session.spec.executionEnvironmentId, desktopSecret });
  }
}
