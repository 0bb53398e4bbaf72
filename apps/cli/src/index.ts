export { Client } from './client.ts';
export { table } from './output.ts';
export { beginSession, createSession, isGraded, isOver, isSettled, readResult, readStatus, terminalOf, waitFor } from './session.ts';
export { runRemote } from './ssh.ts';
export { findTarget } from './target.ts';
