import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signing out everywhere reaches access tokens too: each says in which epoch of its account it was made. */
export class Accounts1795400000000 implements MigrationInterface {
  readonly name = 'Accounts1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN token_epoch integer NOT NULL DEFAULT 0`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
