import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What became of a payment is kept as facts with their times, so that they may arrive in any order and over several runs of the pass's
 * workflow; what a session's pass was given back is on the session, so that it is given once; and what the reconciliation found is kept.
 */
export class PassFacts1795520000000 implements MigrationInterface {
  readonly name = 'PassFacts1795520000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payments
        ADD COLUMN refunded_at timestamptz,
        ADD COLUMN disputed_at timestamptz,
        ADD COLUMN reinstated_at timestamptz;

      -- When the last decision was made that the revision counts: the relay leaves young ones to whoever made them.
      ALTER TABLE access_passes ADD COLUMN decided_at timestamptz NOT NULL DEFAULT now();

      ALTER TABLE exam_sessions ADD COLUMN pass_time_returned_ms integer CHECK (pass_time_returned_ms >= 0);
      CREATE INDEX exam_sessions_access_pass_idx ON exam_sessions (access_pass_id) WHERE access_pass_id IS NOT NULL;
      CREATE INDEX exam_attempts_access_pass_idx ON exam_attempts (access_pass_id) WHERE access_pass_id IS NOT NULL;

      CREATE TABLE pass_reconciliations (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        report jsonb NOT NULL
      );
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
