import { Context } from '@temporalio/activity';
import { toFailure } from './failure.ts';

const HEARTBEAT_INTERVAL_MS = 1_000;

export interface Attendance {
  /** Aborted when the activity is cancelled, or its worker ends. */
  readonly signal: AbortSignal;
  /** What is waited for; sent with the next heartbeat. */
  readonly onProgress: (detail: string) => void;
}

/** Runs an activity's work with heartbeats, cancellation, and errors in the form in which Temporal carries them. */
export async function attended<T>(work: (attendance: Attendance) => Promise<T>): Promise<T> {
  const context = Context.current();
  const signal = context.cancellationSignal;
  let detail = '';
  const timer = setInterval(() => context.heartbeat(detail), HEARTBEAT_INTERVAL_MS);
  try {
    return await work({ signal, onProgress: (waitedFor) => (detail = waitedFor) });
  } catch (error) {
    signal.throwIfAborted();
    throw toFailure(error);
  } finally {
    clearInterval(timer);
  }
}
