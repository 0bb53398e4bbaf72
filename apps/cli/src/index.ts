export { Client } from './client.ts';
export { Narrator } from './progress.ts';
export {
  beginSession,
  createSession,
  isGraded,
  isOver,
  isSettled,
  readResult,
  readStatus,
  terminalOf,
  waitFor,
  watchStatus,
} from './session.ts';
export { runRemote } from './ssh.ts';
export { findTarget } from './target.ts';
