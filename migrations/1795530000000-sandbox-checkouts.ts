import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What Stripe would know of a payment, where there is no Stripe: the sandbox's own side of a checkout, apart from `payments`, which learns
 * of it by the webhook alone. Events wait here until the webhook has taken them, as they would at Stripe.
 */
export class SandboxCheckouts1795530000000 implements MigrationInterface {
  readonly name = 'SandboxCheckouts1795530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox_checkouts (
        id text PRIMARY KEY,
        -- One per payment: asking twice gives the same, as Stripe's idempotency keys do.
        payment_id uuid NOT NULL CONSTRAINT sandbox_checkouts_one_per_payment UNIQUE REFERENCES payments (id) ON DELETE CASCADE,
        name text NOT NULL,
        description text NOT NULL,
        amount_cents integer NOT NULL CHECK (amount_cents > 0),
        currency text NOT NULL,
        metadata jsonb NOT NULL,
        success_url text NOT NULL,
        cancel_url text NOT NULL,
        status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'complete', 'expired')),
        payment_status text NOT NULL DEFAULT 'unpaid' CHECK (payment_status IN ('unpaid', 'paid')),
        -- A delayed payment that never came.
        bounced_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
        paid_at timestamptz,
        refunded_at timestamptz,
        dispute text CHECK (dispute IN ('needs_response', 'won', 'lost')),
        CONSTRAINT sandbox_checkouts_paid CHECK ((payment_status = 'paid') = (paid_at IS NOT NULL) AND (paid_at IS NULL OR status = 'complete')),
        CONSTRAINT sandbox_checkouts_reversed CHECK (paid_at IS NOT NULL OR (refunded_at IS NULL AND dispute IS NULL))
      );
      CREATE INDEX sandbox_checkouts_open_idx ON sandbox_checkouts (expires_at) WHERE status = 'open';

      CREATE TABLE sandbox_events (
        id text PRIMARY KEY,
        checkout_id text NOT NULL REFERENCES sandbox_checkouts (id) ON DELETE CASCADE,
        type text NOT NULL,
        object_id text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        delivered_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        -- What the webhook answered last, where it did not take the event.
        failure text
      );
      CREATE INDEX sandbox_events_due_idx ON sandbox_events (next_attempt_at) WHERE delivered_at IS NULL;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
