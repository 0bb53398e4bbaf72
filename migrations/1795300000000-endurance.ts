import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What endurance and walls need of the records: entitlements, maintenance, audit, blobs, reports of the sweep. */
export class Endurance1795300000000 implements MigrationInterface {
  readonly name = 'Endurance1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Candidates who are entitled to it get this much more time on every exam.
      ALTER TABLE users ADD COLUMN extra_time_percent integer NOT NULL DEFAULT 0 CHECK (extra_time_percent BETWEEN 0 AND 200);

      ALTER TABLE exam_sessions
        -- Fixed at creation, from the candidate's entitlement; an entry of the clock's ledger from its start.
        ADD COLUMN extra_time_ms integer NOT NULL DEFAULT 0 CHECK (extra_time_ms >= 0),
        -- Graded twice on the same cluster, for authors of labs: not an exam of anybody.
        ADD COLUMN rehearsal boolean NOT NULL DEFAULT false,
        -- How often somebody who came later was given a place first: a large need must not wait for ever.
        ADD COLUMN overtaken integer NOT NULL DEFAULT 0 CHECK (overtaken BETWEEN 0 AND 3);
      CREATE INDEX exam_sessions_open_idx ON exam_sessions (created_at) WHERE state NOT IN ('terminated', 'failed');

      -- What an administrator has set for the whole installation.
      CREATE TABLE settings (
        name text PRIMARY KEY,
        value jsonb NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        changed_by uuid REFERENCES users (id) ON DELETE SET NULL
      );

      -- Who did what, to what, and why; written in the transaction of the deed, never changed.
      CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        actor_id uuid REFERENCES users (id) ON DELETE SET NULL,
        action text NOT NULL,
        target_kind text NOT NULL,
        target_id text NOT NULL,
        reason text,
        data jsonb NOT NULL DEFAULT '{}'
      );
      CREATE INDEX audit_log_at_idx ON audit_log (at DESC);
      CREATE INDEX audit_log_target_idx ON audit_log (target_kind, target_id);

      -- Packs, evidence and recordings, by what they are: too large for Temporal, and never the host's to keep.
      CREATE TABLE blobs (
        digest text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        media_type text NOT NULL,
        size_bytes integer NOT NULL CHECK (size_bytes >= 0),
        content bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz NOT NULL DEFAULT now()
      );

      -- Packs that sessions can be started from by digest although no catalogue offers them: an author's drafts, and old versions.
      CREATE TABLE lab_packs (
        digest text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        lab_id text NOT NULL,
        blob_digest text NOT NULL REFERENCES blobs (digest),
        uploaded_by uuid REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      -- Requests between services that were answered once: the same one is refused the second time.
      CREATE TABLE service_nonces (
        nonce text PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX service_nonces_expiry_idx ON service_nonces (expires_at);

      -- What each sweep found and did.
      CREATE TABLE sweep_reports (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        dry_run boolean NOT NULL,
        -- Set where it stopped rather than act on what it could not trust.
        alert text,
        report jsonb NOT NULL
      );
      CREATE INDEX sweep_reports_at_idx ON sweep_reports (at DESC);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
