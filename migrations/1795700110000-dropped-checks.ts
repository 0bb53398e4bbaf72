import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A check that a corrected pack dropped keeps its result: a later correction may bring it back, and it is evidence. */
export class DroppedChecks1795700110000 implements MigrationInterface {
  readonly name = 'DroppedChecks1795700110000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE check_results ADD COLUMN dropped boolean NOT NULL DEFAULT false`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
