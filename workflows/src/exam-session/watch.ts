import type { LastLook, WatchFinding } from '@ckx/contracts';
import { classify } from '@ckx/failure-classification';
import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Host } from './activities.ts';
import { Desktop } from './desktop.ts';
import type { ExamSession } from './session.ts';

/** A candidate may reboot a node now and then; one that dies more often is broken (design §4). */
const RESTARTS_AT_MOST = 3;

/**
 * Looks after an environment while its candidate uses it: starts again what died, gives back the time in which nobody could look, and
 * ends the session where neither helps.
 */
export class EnvironmentWatch {
  readonly #session: ExamSession;
  readonly #host: Host['watch'];
  readonly #desktop: Desktop;
  readonly #scope = new CancellationScope();
  #opening: Promise<void> = Promise.resolve();
  #restarts = 0;

  constructor(session: ExamSession, host: Host) {
    this.#session = session;
    this.#host = host.watch;
    this.#desktop = new Desktop(session, host);
  }

  begin(): void {
    if (this.#desktop.isNeeded) {
      this.#opening = this.#scope.run(() => this.#desktop.open());
      this.#opening.catch(() => undefined);
    }
    this.#scope
      .run(() => this.#watch())
      .catch((error: unknown) => {
        if (isCancellation(error)) return;
        // Whatever it was: the environment is not there any more for the candidate, and that is a fault of ours.
        this.#session.ending ??= { failure: classify({ type: 'infra', cause: error }) };
      });
  }

  end(): void {
    this.#scope.cancel();
  }

  /** Returns when a desktop that was being made when the watch ended is made, or not: what is removed must be there. */
  async settled(): Promise<void> {
    await this.#opening.catch(() => undefined);
  }

  async #watch(): Promise<void> {
    let seen: LastLook = { atMs: Date.now(), startedAt: {} };
    while (!this.#session.hasEnding) {
      const report = await this.#host.watchEnvironment({ spec: this.#desktop.watched, seen });
      seen = (await this.#act(report.finding)) ?? report.seen;
    }
  }

  /** @returns what the next watch goes on from, where it is not what was seen. */
  async #act(finding: WatchFinding): Promise<LastLook | null> {
    switch (finding.kind) {
      case 'gap':
        this.#session.clock.creditGap(finding);
        return null;
      case 'down':
        if (finding.part !== 'desktop') return this.#restart(finding);
        await this.#desktop.restart(finding);
        return { atMs: Date.now(), startedAt: {} };
      case 'limit':
        this.#session.ending ??= { failure: classify({ type: 'runtime', code: 'LIMIT_REACHED', cause: finding.reason }) };
        return null;
    }
  }

  async #restart({ part, reason }: Extract<WatchFinding, { kind: 'down' }>): Promise<LastLook | null> {
    if (this.#restarts === RESTARTS_AT_MOST) {
      const sentence = `The ${part} of this session ended (${reason}), after ${RESTARTS_AT_MOST} restarts.`;
      this.#session.ending ??= { failure: classify({ type: 'infra', code: 'RESTARTS_EXHAUSTED', cause: sentence }) };
      return null;
    }
    const number = (this.#restarts += 1);
    this.#session.tellRestart({ part, number, state: 'down', reason });
    try {
      const { ready, seen } = await this.#host.restartPart({ spec: this.#session.spec, part });
      this.#session.tellRestart({ part, number, state: 'up', ready });
      return seen;
    } catch (error) {
      // It ended once more while it started: the next watch finds that.
      if (endedAgain(error)) return { atMs: Date.now(), startedAt: {} };
      throw error;
    }
  }
}

function endedAgain(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'NODE_EXITED';
}
