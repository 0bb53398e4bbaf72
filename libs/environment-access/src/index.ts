/** The one access rule, for every path to a session and its environment. */
export { authorize, authorizeConnection, authorizeConnections, type Access, type AccessRequest, type Connection } from './authorize.ts';
export { mayBeOpen, type Closed, type Openness, type SessionClockRow } from './deadline.ts';
