import { Context } from '@temporalio/activity';
import { toFailure } from './failure.ts';

/** A cancellation reaches an activity with the answer to a heartbeat: somebody waits for it. */
const HEARTBEAT_INTERVAL_MS = 1_000;

export interface Attendance {
  /** Aborted when the activity is cancelled, or its worker ends. */
  readonly signal: AbortSignal;
  /** What is waited for, or seen; sent with the next heartbeat. */
  readonly onProgress: (detail: unknown) => void;
  /** What the attempt before this one sent last; undefined where there was none. */
  readonly lastProgress: unknown;
}

/**
 * Runs an activity's work with heartbeats, cancellation, and errors in the form in which Temporal carries them.
 *
 * @param heartbeatMs well below the activity's heartbeat timeout.
 */
export async function attended<T>(work: (attendance: Attendance) => Promise<T>, heartbeatMs = HEARTBEAT_INTERVAL_MS): Promise<T> {
  const context = Context.current();
  const signal = context.cancellationSignal;
  const lastProgress: unknown = context.info.heartbeatDetails;
  // Sent again until there is news: a second attempt that dies as well must not lose it.
  let detail = lastProgress;
  const timer = setInterval(() => context.heartbeat(detail), heartbeatMs);
  try {
    return await work({ signal, onProgress: (news) => (detail = news), lastProgress });
  } catch (error) {
    signal.throwIfAborted();
    throw toFailure(error);
  } finally {
    clearInterval(timer);
  }
}
