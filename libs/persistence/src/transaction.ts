import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { isRepeatable, mapDatabaseError } from './errors.ts';

const ATTEMPTS = 5;
const BACKOFF_MS = 20;

/**
 * Runs `work` in one transaction; a deadlock or serialization failure is repeated up to five times with jitter, so `work` must
 * change nothing but the database.
 *
 * @throws what `work` threw; CkxError `DATABASE_UNAVAILABLE` when Postgres does not answer.
 */
export async function inTransaction<T>(dataSource: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      if (!isRepeatable(error) || attempt === ATTEMPTS) throw mapDatabaseError(error);
      await sleep(BACKOFF_MS * 2 ** attempt * Math.random());
    }
  }
}
