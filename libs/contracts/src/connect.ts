import { z } from 'zod';
import { ExamSessionId } from './ids.ts';

/** Connections of a browser to the parts of a session, by way of the gateway: what API, gateway and web share. */
export const CONNECTION_KINDS = ['terminal', 'desktop'] as const;
export const ConnectionKind = z.enum(CONNECTION_KINDS);
export type ConnectionKind = z.infer<typeof ConnectionKind>;

export const ConnectionId = z.uuid().brand('ConnectionId');
export type ConnectionId = z.infer<typeof ConnectionId>;

/** `POST /sessions/:id/connect`. */
export const ConnectBody = z.strictObject({ kind: ConnectionKind });
export type ConnectBody = z.infer<typeof ConnectBody>;

/** How long a ticket is good for; it opens one connection. */
export const TICKET_LIFETIME_MS = 30_000;

export const ConnectTicket = z.object({
  ticket: z.string(),
  /** WebSocket address, with the session in its query; parameters of {@link TerminalQuery} are added to it. */
  url: z.url({ protocol: /^wss?$/ }),
  /** For the second argument of `new WebSocket`: the ticket travels there, and stands in no log of addresses. */
  protocols: z.array(z.string()),
  expiresAt: z.iso.datetime(),
});
export type ConnectTicket = z.infer<typeof ConnectTicket>;

/** What the gateway speaks; it is the protocol that it selects. */
export const GATEWAY_PROTOCOL = 'ckx.v1';
const TICKET_PREFIX = 'ckx.ticket.';

/** Subprotocols that a client offers. */
export function offeredProtocols(ticket: string): string[] {
  return [GATEWAY_PROTOCOL, `${TICKET_PREFIX}${ticket}`];
}

/** The ticket among the subprotocols that a client offers; null where there is none. */
export function ticketAmong(protocols: Iterable<string>): string | null {
  for (const protocol of protocols) if (protocol.startsWith(TICKET_PREFIX)) return protocol.slice(TICKET_PREFIX.length);
  return null;
}

/** Each tab of a terminal has a shell of its own, which is there again when the tab is opened again. */
export const TabId = z.string().regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and dashes, at most 32');
export type TabId = z.infer<typeof TabId>;

/** A tab whose shell is there, and what its candidate called it. */
export const TabView = z.object({ tab: TabId, name: z.string().max(40).nullable() });
export type TabView = z.infer<typeof TabView>;

const size = { cols: z.coerce.number().int().min(2).max(1_000), rows: z.coerce.number().int().min(2).max(500) };

/** Query of `/ws/desktop`. */
export const DesktopQuery = z.object({
  session: ExamSessionId,
  /** The connection that was lost and is to be resumed. */
  resume: ConnectionId.optional(),
});
/** Query of `/ws/terminal`. */
export const TerminalQuery = DesktopQuery.extend({
  tab: TabId.default('main'),
  cols: size.cols.default(80),
  rows: size.rows.default(24),
  /** The client has an empty screen: what scrolled out of the tab comes first. */
  history: z.literal('1').optional(),
});
export type TerminalQuery = z.infer<typeof TerminalQuery>;

/**
 * How much output of a terminal may be under way that the client has not said it has shown. A client acknowledges as it goes, at the
 * latest after a quarter of it, or nothing more comes.
 */
export const TERMINAL_WINDOW_BYTES = 256 * 1024;

/** Text frames from the client of a terminal; its input is binary frames. */
export const TerminalRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), ...size }),
  /** So many more bytes of output were shown. */
  z.object({ type: z.literal('ack'), bytes: z.int().positive() }),
  /** What the tab is called from now on, wherever it is opened; nothing takes the name away. */
  z.object({ type: z.literal('name'), name: z.string().max(40) }),
  /** The tab is closed for good: its shell and what runs in it are ended. */
  z.object({ type: z.literal('close') }),
]);
export type TerminalRequest = z.infer<typeof TerminalRequest>;

/** Text frames to the client of a terminal; output is binary frames. A desktop has binary frames alone. */
export const TerminalNotice = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('opened'),
    connectionId: ConnectionId,
    /** Whether this is the connection that was asked to be resumed. */
    resumed: z.boolean(),
    /** Why not, where it was asked for. */
    message: z.string().nullable(),
    /** Whether the tab's shell was there already, with what runs in it. */
    shell: z.enum(['kept', 'new']),
    /** Every tab of this session that has a shell, this one among them. */
    tabs: z.array(TabView),
    /** How long after its loss this connection can be resumed. */
    resumeWindowMs: z.int(),
    recorded: z.boolean(),
  }),
  z.object({ type: z.literal('ended'), code: z.string(), message: z.string(), again: z.boolean() }),
]);
export type TerminalNotice = z.infer<typeof TerminalNotice>;

/**
 * Why a connection ended: the WebSocket close code, what a person is told (also the close frame's reason), and whether the client may come
 * again by itself, with a fresh ticket. A loss that nobody said anything about is 1006 at the client, and `CONNECTION_LOST` in the records.
 */
export const CONNECTION_ENDS = {
  SHELL_EXITED: { closeCode: 4000, message: 'The shell has ended.', again: false },
  TAB_CLOSED: { closeCode: 4001, message: 'The tab was closed.', again: false },
  OPENED_ELSEWHERE: { closeCode: 4002, message: 'This was opened in another window.', again: false },
  CLIENT_CLOSED: { closeCode: 4003, message: 'The browser closed the connection.', again: false },
  CLOSED_BY_OPERATOR: { closeCode: 4004, message: 'The connection was closed by an operator.', again: false },
  SESSION_OVER: { closeCode: 4010, message: 'This session is over.', again: false },
  DEADLINE_PASSED: { closeCode: 4011, message: 'The time of this session is over.', again: false },
  SESSION_NOT_READY: { closeCode: 4012, message: 'The environment of this session is not ready yet.', again: false },
  ACCESS_DENIED: { closeCode: 4013, message: 'You may not use this session.', again: false },
  TICKET_REFUSED: { closeCode: 4014, message: 'The ticket was used, is too old, or is for something else.', again: true },
  TOO_MANY_CONNECTIONS: { closeCode: 4015, message: 'This session has too many connections.', again: false },
  UNREACHABLE: { closeCode: 4020, message: 'This part of the session does not answer.', again: true },
  NOT_THERE: { closeCode: 4021, message: 'This session has no such part.', again: false },
  PART_LOST: { closeCode: 4022, message: 'The connection to this part of the session was lost.', again: true },
  GATEWAY_STOPPING: { closeCode: 4030, message: 'The gateway is restarted.', again: true },
  RECORDS_UNAVAILABLE: { closeCode: 4031, message: 'The records do not answer.', again: true },
  CONNECTION_LOST: { closeCode: 4032, message: 'The browser did not answer any more.', again: true },
  GATEWAY_LOST: { closeCode: 4033, message: 'The gateway ended without a word.', again: true },
  PROTOCOL_ERROR: { closeCode: 4040, message: 'The client said something that the gateway does not understand.', again: false },
} as const satisfies Record<string, { closeCode: number; message: string; again: boolean }>;
export const ConnectionEnd = z.enum(Object.keys(CONNECTION_ENDS) as [keyof typeof CONNECTION_ENDS, ...(keyof typeof CONNECTION_ENDS)[]]);
export type ConnectionEnd = keyof typeof CONNECTION_ENDS;

/** Ends after which a connection can be resumed: nobody wanted them. */
export const LOSSES = ['CONNECTION_LOST', 'GATEWAY_LOST', 'GATEWAY_STOPPING', 'PART_LOST'] as const satisfies readonly ConnectionEnd[];

/** An open or ended connection, as operators and the gateway's `/internal/connections` see it. */
export const ConnectionView = z.object({
  connectionId: ConnectionId,
  examSessionId: ExamSessionId,
  userId: z.uuid(),
  kind: ConnectionKind,
  tab: z.string().nullable(),
  openedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  endCode: z.string().nullable(),
  /** From the client. */
  bytesIn: z.int(),
  /** To the client. */
  bytesOut: z.int(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

/** `POST /internal/connections/close` of the gateway. */
export const CloseConnectionsBody = z.strictObject({ examSessionId: ExamSessionId, message: z.string().trim().min(1).max(100).optional() });
export type CloseConnectionsBody = z.infer<typeof CloseConnectionsBody>;

/** One recording of a terminal, `GET /sessions/:id/recordings`; its content is an asciicast, version 3. */
export const RecordingView = z.object({
  recordingId: ConnectionId,
  examSessionId: ExamSessionId,
  tab: z.string().nullable(),
  startedAt: z.iso.datetime(),
  durationMs: z.int().nonnegative(),
  /** Of the asciicast. */
  sizeBytes: z.int().nonnegative(),
  /** It was too long: the end is missing. */
  cut: z.boolean(),
});
export type RecordingView = z.infer<typeof RecordingView>;
