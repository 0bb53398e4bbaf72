import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What administrators' deeds leave in the records: a host that is drained stays so over its own loss; a session that was voided. */
export class Administration1795310000000 implements MigrationInterface {
  readonly name = 'Administration1795310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Apart from the state, which follows from it and from whether the host answers.
      ALTER TABLE hosts ADD COLUMN drain_requested_at timestamptz;
      UPDATE hosts SET drain_requested_at = now() WHERE state = 'draining';

      -- From here on the session counts as one that was taken from its candidate, whatever its outcome.
      ALTER TABLE exam_sessions ADD COLUMN voided_at timestamptz,
        ADD CONSTRAINT exam_sessions_void_when_ended CHECK (voided_at IS NULL OR state IN ('terminated', 'failed'));

      -- What is due is found without looking at what is not.
      CREATE INDEX exam_sessions_ended_idx ON exam_sessions (ended_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX refresh_tokens_expiry_idx ON refresh_tokens (expires_at);
      CREATE INDEX blobs_last_used_idx ON blobs (last_used_at);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
