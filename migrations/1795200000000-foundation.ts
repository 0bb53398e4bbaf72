import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The records of the main job. What must never happen is made impossible by constraints, not by code: two active sessions of one
 * user, one port of a host given twice, two environments of one session, a terminated session without an outcome.
 *
 * Migrations go forward only (docs/decisions/0001): `down` is never run.
 */
export class Foundation1795200000000 implements MigrationInterface {
  readonly name = 'Foundation1795200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        email text NOT NULL CHECK (email = lower(email)),
        name text NOT NULL,
        password_hash text NOT NULL,
        role text NOT NULL DEFAULT 'candidate' CHECK (role IN ('candidate', 'admin')),
        disabled_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX users_email_key ON users (email);

      -- A family is one sign-in; reuse of a rotated token revokes the whole of it.
      CREATE TABLE refresh_tokens (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        family_id uuid NOT NULL,
        token_hash text NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX refresh_tokens_family_idx ON refresh_tokens (family_id);
      CREATE INDEX refresh_tokens_user_idx ON refresh_tokens (user_id);

      CREATE TABLE hosts (
        id text PRIMARY KEY,
        -- Where the host's published ports are reached: loopback or its private address.
        address text NOT NULL,
        state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'draining', 'lost')),
        cpu_millis integer NOT NULL CHECK (cpu_millis > 0),
        memory_mib integer NOT NULL CHECK (memory_mib > 0),
        -- How many environments may boot at once: as many as the machine has cores.
        boot_slots integer NOT NULL CHECK (boot_slots > 0),
        port_ranges jsonb NOT NULL,
        subnet_pool cidr NOT NULL CHECK (family(subnet_pool) = 4 AND masklen(subnet_pool) <= 26),
        -- What the engine is, and how thick its walls are.
        engine jsonb NOT NULL,
        registered_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE exam_sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id),
        lab_id text NOT NULL,
        lab_digest text NOT NULL,
        -- LabPin of libs/contracts: what the workflow was started with.
        lab jsonb NOT NULL,
        lab_title text NOT NULL,
        state text NOT NULL DEFAULT 'created'
          CHECK (state IN ('created', 'initializing', 'ready', 'running', 'terminated', 'failed')),
        -- Highest sequence number of the workflow that was written.
        sequence integer NOT NULL DEFAULT 0,
        outcome text CHECK (outcome IN ('submitted', 'expired', 'cancelled', 'terminated_by_admin', 'abandoned')),
        failure jsonb,
        waiting jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        -- Order in the queue; a session leaves it when its environment row is inserted.
        queue_number bigint GENERATED ALWAYS AS IDENTITY,
        ready_at timestamptz,
        started_at timestamptz,
        deadline_at timestamptz,
        ended_at timestamptz,
        last_activity_at timestamptz NOT NULL DEFAULT now(),
        -- Outbox: what was asked of the workflow. The relay repeats it until the state shows that it was done.
        start_requested_at timestamptz,
        submit_requested_at timestamptz,
        terminate_requested_at timestamptz,
        terminate_request jsonb,
        ssh_key_issued_at timestamptz,
        CONSTRAINT exam_sessions_outcome_of_terminated CHECK ((state = 'terminated') = (outcome IS NOT NULL)),
        CONSTRAINT exam_sessions_failure_of_failed CHECK ((state = 'failed') = (failure IS NOT NULL)),
        CONSTRAINT exam_sessions_end CHECK ((state IN ('terminated', 'failed')) = (ended_at IS NOT NULL)),
        CONSTRAINT exam_sessions_started_when_running CHECK (state <> 'running' OR started_at IS NOT NULL)
      );
      CREATE UNIQUE INDEX exam_sessions_one_active_per_user ON exam_sessions (user_id) WHERE state NOT IN ('terminated', 'failed');
      CREATE INDEX exam_sessions_user_idx ON exam_sessions (user_id, created_at DESC);
      CREATE INDEX exam_sessions_queue_idx ON exam_sessions (queue_number) WHERE state = 'created';

      CREATE TABLE environments (
        id uuid PRIMARY KEY,
        -- NULL while it belongs to no session yet (warm pool).
        exam_session_id uuid CONSTRAINT environments_one_per_session UNIQUE REFERENCES exam_sessions (id),
        host_id text NOT NULL REFERENCES hosts (id),
        state text NOT NULL DEFAULT 'provisioning'
          CHECK (state IN ('provisioning', 'ready', 'bound', 'destroying', 'destroyed', 'lost')),
        -- All of one size, so that two different ones never overlap.
        subnet cidr NOT NULL CHECK (family(subnet) = 4 AND masklen(subnet) = 26),
        cpu_millis integer NOT NULL CHECK (cpu_millis > 0),
        memory_mib integer NOT NULL CHECK (memory_mib > 0),
        -- EnvironmentSpec and EnvironmentFacts of libs/contracts.
        spec jsonb NOT NULL,
        facts jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        ready_at timestamptz,
        destroyed_at timestamptz,
        CONSTRAINT environments_bound_to_session CHECK (state <> 'bound' OR exam_session_id IS NOT NULL),
        CONSTRAINT environments_destroyed CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
      );
      -- A lost environment may still hold its network: its subnet stays taken until it is reclaimed.
      CREATE UNIQUE INDEX environments_subnet_once ON environments (host_id, subnet) WHERE state <> 'destroyed';
      CREATE INDEX environments_open_idx ON environments (host_id) WHERE state <> 'destroyed';

      -- Kinds may be given ranges that overlap; a port of a host is still given once.
      CREATE TABLE port_allocations (
        host_id text NOT NULL REFERENCES hosts (id),
        kind text NOT NULL CHECK (kind IN ('vnc', 'sshTerminal', 'sshJumphost', 'k8sApi')),
        port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
        -- Looked at when the transaction ends: an environment's row holds the ports that were taken for it.
        environment_id uuid NOT NULL REFERENCES environments (id) DEFERRABLE INITIALLY DEFERRED,
        allocated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT port_allocations_port_once PRIMARY KEY (host_id, port),
        CONSTRAINT port_allocations_kind_once UNIQUE (environment_id, kind)
      );

      -- What happened in a session, in order; the workflow's sequence makes a repeated record harmless.
      CREATE TABLE session_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id),
        sequence integer,
        kind text NOT NULL,
        data jsonb NOT NULL DEFAULT '{}',
        at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT session_events_sequence_once UNIQUE (exam_session_id, sequence)
      );
      CREATE INDEX session_events_session_idx ON session_events (exam_session_id, id);

      -- The ledger from which a deadline follows.
      CREATE TABLE clock_entries (
        exam_session_id uuid NOT NULL REFERENCES exam_sessions (id),
        id text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('start', 'extension', 'credit')),
        milliseconds bigint NOT NULL CHECK (milliseconds > 0),
        reason text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (exam_session_id, id)
      );
      CREATE UNIQUE INDEX clock_entries_one_start ON clock_entries (exam_session_id) WHERE kind = 'start';

      CREATE TABLE exam_attempts (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        exam_session_id uuid NOT NULL CONSTRAINT exam_attempts_one_per_session UNIQUE REFERENCES exam_sessions (id),
        user_id uuid NOT NULL REFERENCES users (id),
        lab_id text NOT NULL,
        lab_digest text NOT NULL,
        state text NOT NULL DEFAULT 'in_progress' CHECK (state IN ('in_progress', 'grading', 'graded', 'grading_failed', 'void')),
        earned integer CHECK (earned >= 0),
        possible integer CHECK (possible >= 0),
        percent integer CHECK (percent BETWEEN 0 AND 100),
        provisional boolean NOT NULL DEFAULT false,
        passed boolean,
        started_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        CONSTRAINT exam_attempts_score_of_graded
          CHECK (num_nonnulls(earned, possible, percent, passed) = CASE WHEN state = 'graded' THEN 4 ELSE 0 END),
        CONSTRAINT exam_attempts_earned CHECK (earned <= possible)
      );
      CREATE INDEX exam_attempts_user_idx ON exam_attempts (user_id, started_at DESC);

      CREATE TABLE question_results (
        attempt_id uuid NOT NULL REFERENCES exam_attempts (id),
        question_id text NOT NULL,
        -- Order in the lab, from 1.
        position integer NOT NULL CHECK (position > 0),
        graded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (attempt_id, question_id)
      );

      CREATE TABLE check_results (
        attempt_id uuid NOT NULL,
        question_id text NOT NULL,
        check_id text NOT NULL,
        position integer NOT NULL,
        description text NOT NULL,
        weight integer NOT NULL CHECK (weight >= 0),
        verdict text NOT NULL CHECK (verdict IN ('passed', 'failed', 'errored')),
        reason text,
        evidence text NOT NULL,
        exit_code integer,
        duration_ms integer NOT NULL CHECK (duration_ms >= 0),
        PRIMARY KEY (attempt_id, question_id, check_id),
        FOREIGN KEY (attempt_id, question_id) REFERENCES question_results (attempt_id, question_id)
      );
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
