import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Modes of a session, what a candidate notes about its questions, the help of practice; objects as evidence; results that were regraded. */
export class Practice1795700100000 implements MigrationInterface {
  readonly name = 'Practice1795700100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE exam_sessions
        ADD COLUMN mode text NOT NULL DEFAULT 'exam' CHECK (mode IN ('exam', 'practice')),
        ADD CONSTRAINT exam_sessions_rehearsal_is_no_practice CHECK (NOT rehearsal OR mode = 'exam');

      -- What a candidate wrote and marked, by question; it goes with its session.
      CREATE TABLE question_marks (
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id) ON DELETE CASCADE,
        -- Order in the session, from 1.
        position integer NOT NULL CHECK (position > 0),
        note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 10000),
        note_updated_at timestamptz,
        flagged boolean NOT NULL DEFAULT false,
        -- When the candidate first looked at the question.
        opened_at timestamptz,
        PRIMARY KEY (exam_session_id, position),
        CONSTRAINT question_marks_note_has_time CHECK (note = '' OR note_updated_at IS NOT NULL)
      );

      -- Of practice: the help that a question has given; it goes with its session.
      CREATE TABLE question_help (
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id) ON DELETE CASCADE,
        position integer NOT NULL CHECK (position > 0),
        -- How many of the pack's, from the first on.
        hints integer NOT NULL DEFAULT 0 CHECK (hints >= 0),
        -- How often its checks ran, and how often not all of them passed.
        tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
        failed_tries integer NOT NULL DEFAULT 0 CHECK (failed_tries BETWEEN 0 AND tries),
        -- CheckedQuestion of libs/contracts: what they said last.
        last_check jsonb,
        PRIMARY KEY (exam_session_id, position),
        CONSTRAINT question_help_last_check CHECK ((tries > 0) = (last_check IS NOT NULL))
      );

      -- Objects of the question's namespace as they were graded: YAML, without the data of secrets. Null: there are none.
      ALTER TABLE question_results
        ADD COLUMN objects text,
        ADD COLUMN objects_namespace text,
        ADD COLUMN objects_cut boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT question_results_objects CHECK ((objects IS NULL) = (objects_namespace IS NULL));

      ALTER TABLE exam_attempts
        -- The pack by which its score stands, where that is not the one of its session.
        ADD COLUMN regraded_digest text CHECK (regraded_digest ~ '^sha256:[0-9a-f]{64}$');

      -- Every regrade of an attempt, with the result that it took the place of.
      CREATE TABLE regrades (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        attempt_id uuid NOT NULL REFERENCES exam_attempts (id) ON DELETE CASCADE,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor_id uuid REFERENCES users (id) ON DELETE SET NULL,
        reason text NOT NULL,
        lab_digest text NOT NULL CHECK (lab_digest ~ '^sha256:[0-9a-f]{64}$'),
        -- RegradeStatement and EarlierResult of libs/contracts.
        statements jsonb NOT NULL,
        earlier jsonb NOT NULL
      );
      CREATE INDEX regrades_attempt_idx ON regrades (attempt_id, at);
      CREATE INDEX exam_attempts_lab_idx ON exam_attempts (lab_id, id) WHERE state = 'graded';
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
