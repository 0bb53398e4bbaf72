/** Tickets, connections and recordings of browsers that reach a session's parts: their rows in Postgres. */
export { issueTicket, redeemTicket, type TicketFor } from './tickets.ts';
export { beginConnection, endConnections, endForgotten, listConnections, noteAlive, type BegunConnection } from './connections.ts';
export type { Alive, ConnectionStart, EndedConnection } from './connections.ts';
export { keepRecording, listRecordings, readRecording, type Recording } from './recordings.ts';
