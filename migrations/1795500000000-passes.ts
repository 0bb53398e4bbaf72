import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Access passes and what was paid for them. A pass has its id before it is paid, because its workflow waits for the payment; it has a row
 * here from the moment it belongs to somebody: paid, or granted.
 */
export class Passes1795500000000 implements MigrationInterface {
  readonly name = 'Passes1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pass_types (
        id text PRIMARY KEY,
        name text NOT NULL,
        duration_hours integer NOT NULL CHECK (duration_hours > 0),
        price_cents integer NOT NULL CHECK (price_cents > 0),
        currency text NOT NULL DEFAULT 'usd' CHECK (currency = 'usd'),
        features jsonb NOT NULL,
        -- No longer sold; what was bought stays good.
        is_active boolean NOT NULL DEFAULT true
      );
      INSERT INTO pass_types (id, name, duration_hours, price_cents, features) VALUES
        ('38_hours', '38 Hours Access Pass', 38, 499, '{"full_access": true, "instant_feedback": true, "unlimited_retakes": true}'),
        ('1_week', '1 Week Access Pass', 168, 1999, '{"full_access": true, "instant_feedback": true, "unlimited_retakes": true}'),
        ('2_weeks', '2 Weeks Access Pass', 336, 2999,
         '{"full_access": true, "instant_feedback": true, "unlimited_retakes": true, "priority_support": true}');

      -- One row per checkout that was begun; the pass it is for has its id from then on.
      CREATE TABLE payments (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        pass_id uuid NOT NULL CONSTRAINT payments_one_per_pass UNIQUE,
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        pass_type_id text NOT NULL REFERENCES pass_types (id),
        -- What was asked, server-side; what was paid must be the same.
        price_cents integer NOT NULL CHECK (price_cents > 0),
        currency text NOT NULL,
        status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'failed', 'expired', 'refunded', 'disputed', 'refused')),
        -- Why a payment was refused: an amount or a currency that is not the plan's.
        problem text,
        sandbox boolean NOT NULL DEFAULT false,
        -- NULL between the row and Stripe's answer.
        checkout_session_id text CONSTRAINT payments_one_per_checkout UNIQUE,
        payment_intent_id text CONSTRAINT payments_one_per_intent UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        paid_at timestamptz,
        CONSTRAINT payments_paid CHECK (status NOT IN ('paid', 'refunded', 'disputed') OR paid_at IS NOT NULL)
      );
      CREATE INDEX payments_user_idx ON payments (user_id, created_at DESC);

      CREATE TABLE access_passes (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        pass_type_id text NOT NULL REFERENCES pass_types (id),
        duration_hours integer NOT NULL CHECK (duration_hours > 0),
        price_cents integer NOT NULL CHECK (price_cents >= 0),
        status text NOT NULL DEFAULT 'purchased' CHECK (status IN ('purchased', 'activated', 'expired', 'revoked')),
        source text NOT NULL CHECK (source IN ('purchase', 'grant')),
        purchased_at timestamptz NOT NULL DEFAULT now(),
        activated_at timestamptz,
        -- After activated_at where another pass ran when this one was activated: it starts when that one ends.
        starts_at timestamptz,
        expires_at timestamptz,
        expired_at timestamptz,
        revoked_at timestamptz,
        revocation jsonb,
        -- Counts what was decided on the record and is for the workflow to hear of; it says which it has heard.
        revision integer NOT NULL DEFAULT 0,
        heard_revision integer NOT NULL DEFAULT 0,
        CONSTRAINT access_passes_times CHECK ((activated_at IS NULL) = (starts_at IS NULL) AND (activated_at IS NULL) = (expires_at IS NULL)),
        CONSTRAINT access_passes_order CHECK (expires_at > starts_at AND starts_at >= activated_at),
        CONSTRAINT access_passes_activated CHECK (status NOT IN ('activated', 'expired') OR activated_at IS NOT NULL),
        CONSTRAINT access_passes_purchased CHECK (status <> 'purchased' OR activated_at IS NULL),
        CONSTRAINT access_passes_expired CHECK ((status = 'expired') = (expired_at IS NOT NULL)),
        CONSTRAINT access_passes_revoked CHECK ((status = 'revoked') = (revoked_at IS NOT NULL) AND (status = 'revoked') = (revocation IS NOT NULL))
      );
      CREATE INDEX access_passes_user_idx ON access_passes (user_id, status);
      CREATE INDEX access_passes_expiry_idx ON access_passes (expires_at) WHERE status = 'activated';
      CREATE INDEX access_passes_unheard_idx ON access_passes (id) WHERE heard_revision < revision;

      ALTER TABLE exam_sessions ADD COLUMN access_pass_id uuid REFERENCES access_passes (id) ON DELETE SET NULL;
      ALTER TABLE exam_attempts ADD COLUMN access_pass_id uuid REFERENCES access_passes (id) ON DELETE SET NULL;

      -- A mail that tells of an event is owed once, however often the event is told.
      ALTER TABLE mails ADD COLUMN event_key text CONSTRAINT mails_once_per_event UNIQUE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
