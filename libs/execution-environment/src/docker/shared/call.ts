/** Calls to the API server of the node that sessions share. */
import { CkxError } from '@ckx/contracts';
import { ApiException } from '@kubernetes/client-node';

/** One that stands answers in a fraction of this. */
const TIMEOUT_MS = 10_000;

/**
 * Runs one call.
 *
 * @param unless HTTP statuses at which it answers null: 404 gone, 409 conflict.
 * @throws CkxError operational: `SHARED_NODE_AWAY` where the API server does not answer, `SHARED_NODE_REFUSED` with what it said.
 */
export async function sharedCall<T>(call: () => Promise<T>, unless: readonly number[] = []): Promise<T | null> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)), TIMEOUT_MS);
  try {
    return await Promise.race([call(), late.promise]);
  } catch (cause) {
    if (cause instanceof ApiException) {
      if (unless.includes(cause.code)) return null;
      const said = String(cause.body).slice(0, 500);
      throw new CkxError('operational', 'SHARED_NODE_REFUSED', `The node that sessions share refused (${cause.code}): ${said}`, { cause });
    }
    throw away(cause);
  } finally {
    clearTimeout(timer);
  }
}

export function away(cause?: unknown): CkxError {
  return new CkxError('operational', 'SHARED_NODE_AWAY', 'The node that sessions share does not answer.', { cause });
}
