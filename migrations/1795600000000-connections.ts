import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections of browsers to the parts of a session: the tickets that open them, the connections themselves, and what was recorded. */
export class Connections1795600000000 implements MigrationInterface {
  readonly name = 'Connections1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whether its terminals may be recorded; an installation that records none is not made to by this.
      ALTER TABLE exam_sessions ADD COLUMN recording boolean NOT NULL DEFAULT true;

      CREATE TABLE connect_tickets (
        -- SHA-256: whoever reads this table can open nothing with it.
        token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('terminal', 'desktop')),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        redeemed_at timestamptz
      );
      CREATE INDEX connect_tickets_expiry_idx ON connect_tickets (expires_at);
      CREATE INDEX connect_tickets_session_idx ON connect_tickets (exam_session_id);

      -- One row per connection, terminal or desktop; it goes with its exam session.
      CREATE TABLE terminal_sessions (
        id uuid PRIMARY KEY,
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id) ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('terminal', 'desktop')),
        -- Of a terminal: which of its shells.
        tab text CHECK ((kind = 'terminal') = (tab IS NOT NULL)),
        -- The copy of the gateway that holds it.
        gateway_id text NOT NULL,
        -- The connection that this one went on with.
        resumes uuid REFERENCES terminal_sessions (id) ON DELETE SET NULL,
        opened_at timestamptz NOT NULL DEFAULT now(),
        -- Written every few seconds: when the gateway is killed, this is when the connection was lost.
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        end_code text,
        end_message text,
        bytes_in bigint NOT NULL DEFAULT 0 CHECK (bytes_in >= 0),
        bytes_out bigint NOT NULL DEFAULT 0 CHECK (bytes_out >= 0),
        CONSTRAINT terminal_sessions_end CHECK ((ended_at IS NULL) = (end_code IS NULL))
      );
      CREATE INDEX terminal_sessions_session_idx ON terminal_sessions (exam_session_id, opened_at);
      CREATE INDEX terminal_sessions_user_idx ON terminal_sessions (user_id);
      CREATE INDEX terminal_sessions_resumes_idx ON terminal_sessions (resumes) WHERE resumes IS NOT NULL;
      CREATE INDEX terminal_sessions_open_idx ON terminal_sessions (last_seen_at) WHERE ended_at IS NULL;

      -- What a terminal showed, of one connection; the content is a blob, which is kept as long as this row.
      CREATE TABLE recordings (
        id uuid PRIMARY KEY REFERENCES terminal_sessions (id) ON DELETE CASCADE,
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id) ON DELETE CASCADE,
        blob_digest text NOT NULL REFERENCES blobs (digest),
        started_at timestamptz NOT NULL,
        duration_ms integer NOT NULL CHECK (duration_ms >= 0),
        -- Before it was compressed.
        size_bytes integer NOT NULL CHECK (size_bytes >= 0),
        cut boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX recordings_session_idx ON recordings (exam_session_id, started_at);
      CREATE INDEX recordings_blob_idx ON recordings (blob_digest);
      CREATE INDEX recordings_started_idx ON recordings (started_at);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
