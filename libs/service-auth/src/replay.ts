import type { DataSource } from '@ckx/persistence';
import type { Verified } from './signature.ts';

/** Rows that are past their time are taken along by one request in so many: nobody has to come round for them. */
const TIDY_ONE_IN = 50;
const TIDY_AT_MOST = 1_000;

/** Refuses a request that was answered once, by whichever copy of the service. */
export class ReplayGuard {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** @returns whether the nonce is new; from now on it is not. One statement: of two at once, one is refused. */
  async claim({ keyId, nonce, expiresAt }: Verified): Promise<boolean> {
    const rows: unknown[] = await this.#dataSource.query(
      'INSERT INTO service_nonces (nonce, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING nonce',
      [`${keyId}:${nonce}`, expiresAt],
    );
    if (Math.random() < 1 / TIDY_ONE_IN) await this.tidy();
    return rows.length > 0;
  }

  /** Removes what is past its time, a bounded number of rows. */
  async tidy(): Promise<void> {
    await this.#dataSource.query(
      `DELETE FROM service_nonces WHERE nonce IN (
         SELECT nonce FROM service_nonces WHERE expires_at < now() - interval '1 minute' LIMIT ${TIDY_AT_MOST} FOR UPDATE SKIP LOCKED)`,
    );
  }
}
