import type { EnvironmentSpec, WatchFinding } from '@ckx/contracts';
import { isCancellation, log, patched } from '@temporalio/workflow';
import { records, type Host } from './activities.ts';
import { MOVES_AT_MOST, refusedAddress } from './refused.ts';
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

  /** Returns when it is open, or will not be by this. Where something else has its port, it gets another one. @throws where it is cancelled. */
  async open(): Promise<void> {
    const session = this.#session;
    let refused: string | null = null;
    for (let moves = 0; !this.#open; moves += 1) {
      try {
        if (refused !== null) {
          const { executionEnvironmentId } = session.spec;
          session.noteMove(await records.moveDesktop({ executionEnvironmentId, refused }));
        }
        const { desktopSecret } = await this.#host.desktop.openDesktop(session.spec);
        await this.#record(desktopSecret ?? null);
        this.#open = true;
      } catch (error) {
        if (isCancellation(error)) throw error;
        refused = refusedAddress(error, session.spec);
        if (refused === null || moves === MOVES_AT_MOST || !patched('other-desktop-port')) {
          // One that ended while it started is found by the watch.
          log.warn('the desktop did not open', { error });
          return;
        }
        log.warn('the engine refused the port of a desktop', { refused });
      }
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
