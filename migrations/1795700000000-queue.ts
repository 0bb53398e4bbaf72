import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who waits for an environment, and in which place: one definition for all who ask. */
export class Queue1795700000000 implements MigrationInterface {
  readonly name = 'Queue1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE VIEW waiting_sessions AS
        SELECT s.id, s.queue_number, s.created_at, row_number() OVER (ORDER BY s.queue_number) AS place
          FROM exam_sessions s
         WHERE s.state = 'created' AND s.terminate_requested_at IS NULL
           AND NOT EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
