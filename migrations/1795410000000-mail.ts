import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mail that is owed, and the tokens that it carries. */
export class Mail1795410000000 implements MigrationInterface {
  readonly name = 'Mail1795410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ADD COLUMN email_verified_at timestamptz;

      -- What a link in a mail stands for. The link's secret is computed from the id with a key of ours, and kept nowhere.
      CREATE TABLE account_tokens (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('verify_email', 'reset_password')),
        -- The address it was sent to: good only as long as the account has it.
        email text NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX account_tokens_user_idx ON account_tokens (user_id, kind);

      -- Outbox: written with what it tells of, sent after that is committed.
      CREATE TABLE mails (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid REFERENCES users (id) ON DELETE CASCADE,
        recipient text NOT NULL,
        kind text NOT NULL,
        data jsonb NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        sent_at timestamptz,
        -- Why the last attempt failed.
        failure text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX mails_due_idx ON mails (next_attempt_at) WHERE sent_at IS NULL;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
