import { CkxError } from '@ckx/contracts';

/** Aborted by the first signal that asks this process to end: what was begun is removed all the same. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort(new CkxError('user', 'INTERRUPTED', 'Interrupted; what was begun has been removed.')));
  }
  return controller.signal;
}
