import { setTimeout as sleep } from 'node:timers/promises';
import { endConnections, endForgotten, noteAlive, type EndedConnection } from '@ckx/connections';
import { CkxError, CONNECTION_ENDS, ConnectionEnd, type ConnectionId, type ConnectionKind, type ExamSessionId } from '@ckx/contracts';
import { authorizeConnections } from '@ckx/environment-access';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import type { Connection, Ended } from './connection.ts';

/** Every connection is looked up in the records this often, and at its deadline. */
const LOOK_EVERY_MS = 1_000;
/** A deadline that the records were not there to confirm holds all the same, so long after it. */
const UNCONFIRMED_MS = 1_500;
const NOTE_EVERY_MS = 5_000;
/** A gateway that has not written for so long is gone, and its connections with it. */
const FORGOTTEN_MS = 120_000;
const FORGOTTEN_EVERY_MS = 60_000;

export interface Pace {
  /** How often a client is asked for a sign of life. */
  readonly pingEveryMs: number;
  /** Without one for so long it is gone. */
  readonly silentMs: number;
}
export const USUAL_PACE: Pace = { pingEveryMs: 10_000, silentMs: 25_000 };

export interface ConnectionsParts {
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly gatewayId: string;
  readonly pace: Pace;
  readonly onEnd: (kind: ConnectionKind, end: Ended) => void;
}

/**
 * The connections that this copy of the gateway holds: ended when Postgres says so, whatever becomes of workflows and hosts, and written
 * there with times and bytes.
 */
export class Connections {
  readonly #parts: ConnectionsParts;
  readonly #open = new Map<ConnectionId, Connection>();
  /** Ends that are not written yet. */
  readonly #ends = new Map<ConnectionId, { readonly end: Omit<EndedConnection, 'agoMs'>; readonly at: number }>();
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
  }

  /** Ends the rows that an earlier process of this copy left, and begins to look. @throws CkxError `DATABASE_UNAVAILABLE`. */
  async start(): Promise<void> {
    const { dataSource, gatewayId, logger, pace } = this.#parts;
    const lost = await endForgotten(dataSource, { gatewayId, silentMs: FORGOTTEN_MS });
    if (lost.length > 0) logger.warn({ connections: lost.length }, 'connections of a gateway that is gone were ended');
    this.#running = Promise.all([
      this.#every(
        () => this.#untilNextLook(),
        () => this.#look(),
      ),
      this.#every(
        () => NOTE_EVERY_MS,
        () => this.#note(),
      ),
      this.#every(
        () => FORGOTTEN_EVERY_MS,
        () => endForgotten(dataSource, { gatewayId: null, silentMs: FORGOTTEN_MS }),
      ),
      this.#every(
        () => 250,
        () => this.#enforce(),
      ),
      this.#every(
        () => pace.pingEveryMs,
        () => this.#ping(),
      ),
    ]);
  }

  add(connection: Connection): void {
    const { id, kind } = connection.about;
    this.#open.set(id, connection);
    void connection.ended.then((end) => {
      this.#open.delete(id);
      this.#parts.onEnd(kind, end);
      const { bytesIn, bytesOut } = connection;
      // One that was lost ended when it was last heard, not when that was noticed.
      const at = performance.now() - (end.code === 'CONNECTION_LOST' ? connection.silentMs : 0);
      this.#ends.set(id, { end: { connectionId: id, ...end, bytesIn, bytesOut }, at });
    });
  }

  get(id: ConnectionId): Connection | undefined {
    return this.#open.get(id);
  }

  all(): readonly Connection[] {
    return [...this.#open.values()];
  }

  of(examSessionId: ExamSessionId): readonly Connection[] {
    return this.all().filter(({ about }) => about.examSessionId === examSessionId);
  }

  /** Ends a connection as the records would have it; what they do not forbid, as `otherwise` says. */
  async explain(connection: Connection, otherwise: Ended['code']): Promise<void> {
    await this.#look([connection]).catch(() => undefined);
    connection.end(otherwise);
  }

  /** Writes the ends that are not written yet. */
  async writeEnds(): Promise<void> {
    const written = [...this.#ends.entries()];
    const now = performance.now();
    await endConnections(
      this.#parts.dataSource,
      written.map(([, { end, at }]) => ({ ...end, agoMs: now - at })),
    );
    for (const [id] of written) this.#ends.delete(id);
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    for (const connection of this.all()) connection.end('GATEWAY_STOPPING');
    this.#stopping.abort();
    await this.#running;
    await this.writeEnds().catch((error: unknown) => this.#parts.logger.error({ err: error }, 'the end of connections was not written'));
  }

  async #look(connections: readonly Connection[] = this.all()): Promise<void> {
    const requests = connections.map(({ about }) => ({ user: { id: about.userId }, examSessionId: about.examSessionId }));
    if (requests.length === 0) return;
    const answers = await authorizeConnections(this.#parts.dataSource, requests);
    for (const [index, connection] of connections.entries()) {
      const answer = answers[index];
      if (answer instanceof CkxError) connection.end(endOf(answer), answer.message);
      else if (answer !== undefined) connection.allow(answer.leftMs);
    }
  }

  #untilNextLook(): number {
    const next = Math.min(LOOK_EVERY_MS, ...this.all().map(({ leftMs }) => leftMs + 5));
    return Math.max(50, next);
  }

  #enforce(): void {
    for (const connection of this.all()) if (connection.leftMs < -UNCONFIRMED_MS) connection.end('DEADLINE_PASSED');
  }

  #ping(): void {
    for (const connection of this.all()) {
      const { socket } = connection;
      // While it is not read from, its answers are not heard either.
      if (!socket.isPaused && connection.silentMs > this.#parts.pace.silentMs) connection.end('CONNECTION_LOST');
      else if (socket.readyState === socket.OPEN) socket.ping();
    }
  }

  async #note(): Promise<void> {
    await this.writeEnds();
    await noteAlive(
      this.#parts.dataSource,
      this.all().map(({ about, bytesIn, bytesOut }) => ({ connectionId: about.id, bytesIn, bytesOut })),
    );
  }

  /** A failure is said once, until it works again. */
  async #every(waitMs: () => number, work: () => unknown): Promise<void> {
    const { signal } = this.#stopping;
    let failed = false;
    for (;;) {
      await sleep(waitMs(), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await work();
        failed = false;
      } catch (error) {
        if (!failed) this.#parts.logger.error({ err: error }, 'the records of connections do not answer');
        failed = true;
      }
    }
  }
}

/** What a refusal is to a connection. */
export function endOf(error: unknown): ConnectionEnd {
  if (!(error instanceof CkxError)) return 'UNREACHABLE';
  if (error.code.startsWith('DATABASE_')) return 'RECORDS_UNAVAILABLE';
  return ConnectionEnd.safeParse(error.code).data ?? 'UNREACHABLE';
}

/** What a person is told of a refusal: our own sentences, not those of errors that were not meant for them. */
export function sentenceOf(error: unknown): string {
  const code = endOf(error);
  return error instanceof CkxError && error.kind === 'user' && error.code === code ? error.message : CONNECTION_ENDS[code].message;
}
