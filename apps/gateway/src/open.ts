import type { KeyObject } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { beginConnection, redeemTicket, type BegunConnection } from '@ckx/connections';
import {
  CkxError,
  CONNECTION_ENDS,
  ConnectionId,
  DesktopQuery,
  TerminalQuery,
  type ConnectionKind,
  type TerminalNotice,
} from '@ckx/contracts';
import { authorizeConnection } from '@ckx/environment-access';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import type { WebSocket } from 'ws';
import { Connection, sayEnd } from './connection.ts';
import { endOf, sentenceOf, type Connections } from './connections.ts';
import { joinDesktop, openDesktop } from './desktop.ts';
import { openShell } from './shell.ts';
import type { Spool } from './spool.ts';
import { desktopAccess, readTarget, terminalAccess, type Target } from './target.ts';
import { joinTerminal, whyEnded } from './terminal.ts';

/** More than anybody has tabs; the terminal's SSH server has limits of its own. */
const CONNECTIONS_PER_SESSION = 16;

export interface OpenParts {
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly connections: Connections;
  /** null where nothing is recorded. */
  readonly spool: Spool | null;
  readonly gatewayId: string;
  readonly gatewayKey: KeyObject;
  readonly resumeWindowMs: number;
}

/** A WebSocket that was accepted, and what its client brought. */
export interface Arrival {
  readonly kind: ConnectionKind;
  readonly socket: WebSocket;
  readonly query: URLSearchParams;
  readonly ticket: string | null;
}

/**
 * Decides about a WebSocket, and serves it to its end. Whoever is refused is told why by the close frame: a browser shows nothing else of a
 * failed connection to its page.
 */
export async function serve(parts: OpenParts, arrival: Arrival): Promise<void> {
  const { socket } = arrival;
  // Nothing is read before there is somebody to read it.
  socket.pause();
  try {
    const admitted = await admit(parts, arrival);
    const { connection } = admitted;
    parts.connections.add(connection);
    await run(parts, admitted).catch(async (error: unknown) => {
      report(parts.logger, error, connection);
      if (error instanceof CkxError && error.kind === 'user') connection.end(endOf(error), sentenceOf(error));
      else await parts.connections.explain(connection, endOf(error));
    });
    await connection.ended;
    if (admitted.recorded) await parts.spool?.store(connection.about.id);
    await parts.connections.writeEnds().catch(() => undefined);
  } catch (error) {
    report(parts.logger, error, null);
    sayEnd(socket, arrival.kind, { code: endOf(error), message: sentenceOf(error) });
  }
}

type Admitted = {
  readonly connection: Connection;
  readonly target: Target;
  readonly begun: BegunConnection;
  readonly recorded: boolean;
} & ({ readonly kind: 'terminal'; readonly query: TerminalQuery } | { readonly kind: 'desktop' });

/** @throws CkxError where the client may not connect. */
async function admit(parts: OpenParts, { kind, socket, query: given, ticket }: Arrival): Promise<Admitted> {
  const { dataSource, connections, gatewayId, resumeWindowMs } = parts;
  const query = (kind === 'terminal' ? TerminalQuery : DesktopQuery).safeParse(Object.fromEntries(given));
  if (!query.success) throw new CkxError('user', 'PROTOCOL_ERROR', CONNECTION_ENDS.PROTOCOL_ERROR.message);
  const { session: examSessionId, resume } = query.data;
  const terminal = kind === 'terminal' ? TerminalQuery.parse(Object.fromEntries(given)) : null;

  const userId = await redeemTicket(dataSource, ticket ?? '', { examSessionId, kind });
  const { leftMs } = await authorizeConnection(dataSource, { user: { id: userId }, examSessionId });
  if (connections.of(examSessionId).length >= CONNECTIONS_PER_SESSION) {
    throw new CkxError('user', 'TOO_MANY_CONNECTIONS', CONNECTION_ENDS.TOO_MANY_CONNECTIONS.message);
  }
  const target = await readTarget(dataSource, examSessionId);
  if (target === null) throw new CkxError('user', 'SESSION_NOT_READY', CONNECTION_ENDS.SESSION_NOT_READY.message);

  const about = { id: ConnectionId.parse(randomUUID()), examSessionId, userId, kind, tab: terminal?.tab ?? null };
  const begun = await beginConnection(dataSource, { ...about, connectionId: about.id, gatewayId, resume, resumeWindowMs });
  // The client knows better than we do that it has lost it.
  if (resume !== undefined && begun.resumed) connections.get(resume)?.end('CONNECTION_LOST');
  const connection = new Connection(about, socket);
  connection.allow(leftMs);
  const recorded = terminal !== null && begun.recording && parts.spool !== null;
  const shared = { connection, target, begun, recorded };
  return terminal === null ? { kind: 'desktop', ...shared } : { kind: 'terminal', query: terminal, ...shared };
}

/** Returns when the connection has ended. @throws CkxError where the session's part does not answer. */
async function run(parts: OpenParts, admitted: Admitted): Promise<void> {
  if (admitted.kind === 'terminal') return runTerminal(parts, admitted);
  const { connection, target } = admitted;
  const peer = await openDesktop(desktopAccess(target, parts.gatewayKey));
  peer.once('close', () => void parts.connections.explain(connection, 'PART_LOST'));
  void connection.ended.then(() => peer.destroy());
  await joinDesktop(connection, peer);
  await connection.ended;
}

async function runTerminal(parts: OpenParts, admitted: Extract<Admitted, { kind: 'terminal' }>): Promise<void> {
  const { connection, target, query, begun, recorded } = admitted;
  const shell = await openShell(terminalAccess(target, parts.gatewayKey), query.tab, query);
  const recorder = recorded && !connection.isOver ? (parts.spool?.begin(connection.about.id, query) ?? null) : null;
  void shell.ended.then(() => whyEnded(shell)).then((why) => parts.connections.explain(connection, why));
  const opened: TerminalNotice = {
    type: 'opened',
    connectionId: connection.about.id,
    resumed: begun.resumed,
    message: begun.message,
    shell: shell.kept ? 'kept' : 'new',
    tabs: [...shell.tabs],
    resumeWindowMs: parts.resumeWindowMs,
    recorded: recorder !== null,
  };
  if (!connection.isOver) connection.socket.send(JSON.stringify(opened));
  joinTerminal(connection, shell, recorder);
  connection.socket.resume();
  await connection.ended;
  shell.leave();
  await recorder?.end();
}

/** What a client did is its own affair; what a part of ours did is said. */
function report(logger: Logger, error: unknown, connection: Connection | null): void {
  const about = connection === null ? {} : { connectionId: connection.about.id, examSessionId: connection.about.examSessionId };
  if (error instanceof CkxError && error.kind === 'user') logger.info({ ...about, code: error.code }, 'a connection was refused');
  else logger.error({ ...about, err: error }, 'a connection could not be opened');
}
