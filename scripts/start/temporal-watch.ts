/**
 * The embedded Temporal server can live and yet serve nobody: its store, SQLite over one connection, may stay interrupted after a call that
 * was cancelled at the wrong moment (https://github.com/temporalio/temporal/issues/8017). All that helps is to start it again, and nothing
 * is lost by it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

const LOOK_EVERY_MS = 3_000;
const ANSWER_WITHIN_MS = 5_000;
/** One that is merely busy answers one of these. */
const SILENT_LOOKS = 4;

export interface TemporalWatch {
  readonly address: string;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** Called when it has not answered for about a quarter of a minute; looks begin anew after that. */
  readonly onSilent: () => Promise<void>;
}

/** Returns when the signal is aborted. */
export async function watchTemporal({ address, namespace, signal, onSilent }: TemporalWatch): Promise<void> {
  const connection = Connection.lazy({ address });
  try {
    for (let silent = 0; !signal.aborted;) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      silent = (await answers(connection, namespace)) ? 0 : silent + 1;
      if (silent < SILENT_LOOKS) continue;
      await onSilent();
      silent = 0;
    }
  } finally {
    await connection.close();
  }
}

/** Asks for what it must read from its store. */
async function answers(connection: Connection, namespace: string): Promise<boolean> {
  return connection
    .withDeadline(Date.now() + ANSWER_WITHIN_MS, () => connection.workflowService.describeNamespace({ namespace }))
    .then(
      () => true,
      () => false,
    );
}
