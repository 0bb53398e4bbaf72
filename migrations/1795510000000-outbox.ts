import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The outbox serves every kind of mail, some of which must not be tried for ever; an address is changed by a link that was sent to the new one. */
export class Outbox1795510000000 implements MigrationInterface {
  readonly name = 'Outbox1795510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Refused for good, or too old to be of use to anybody; \`failure\` says which.
      ALTER TABLE mails ADD COLUMN given_up_at timestamptz,
        ADD CONSTRAINT mails_sent_or_given_up CHECK (sent_at IS NULL OR given_up_at IS NULL);
      DROP INDEX mails_due_idx;
      CREATE INDEX mails_due_idx ON mails (next_attempt_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
      CREATE INDEX mails_created_idx ON mails (created_at);
      -- An account that is deleted takes its mails along.
      CREATE INDEX mails_user_idx ON mails (user_id);

      ALTER TABLE account_tokens DROP CONSTRAINT account_tokens_kind_check,
        ADD CONSTRAINT account_tokens_kind_check CHECK (kind IN ('verify_email', 'reset_password', 'change_email'));
      CREATE INDEX account_tokens_expiry_idx ON account_tokens (expires_at);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
