import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An engine may refuse a port or a network that our records call free: another program has it, or the engine itself after it was killed. The
 * lowest free one is given first, so without a note of it every session after that would be given it, and fail.
 */
export class RefusedAddresses1795710000000 implements MigrationInterface {
  readonly name = 'RefusedAddresses1795710000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refused_addresses (
        host_id text NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
        -- A port, or a network in CIDR notation.
        address text NOT NULL,
        -- Given to nobody before.
        until timestamptz NOT NULL,
        PRIMARY KEY (host_id, address)
      );
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
