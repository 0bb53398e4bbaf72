import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log says from where a deed was done. */
export class DeedsFromWhere1795510000001 implements MigrationInterface {
  readonly name = 'DeedsFromWhere1795510000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- As the API saw it; NULL of what no request did, and of all before.
      ALTER TABLE audit_log ADD COLUMN address text;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
