import type { PassId, PassStatus, PassTypeId, UserId } from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export interface PassTypeRow {
  id: PassTypeId;
  name: string;
  durationHours: number;
  priceCents: number;
  currency: string;
  features: Readonly<Record<string, boolean>>;
  /** false: no longer sold; what was bought stays good. */
  isActive: boolean;
}

export const PassTypeEntity = new EntitySchema<PassTypeRow>({
  name: 'PassType',
  tableName: 'pass_types',
  columns: {
    id: { type: 'text', primary: true },
    name: { type: 'text' },
    durationHours: { type: 'integer', name: 'duration_hours' },
    priceCents: { type: 'integer', name: 'price_cents' },
    currency: { type: 'text', default: 'usd' },
    features: { type: 'jsonb' },
    isActive: { type: 'boolean', name: 'is_active', default: true },
  },
});

export type PaymentStatus = 'open' | 'paid' | 'failed' | 'expired' | 'refunded' | 'disputed' | 'refused';

export interface PaymentRow {
  id: string;
  passId: PassId;
  /** null once the account was deleted. */
  userId: UserId | null;
  passTypeId: PassTypeId;
  priceCents: number;
  currency: string;
  status: PaymentStatus;
  /** Why it was refused. */
  problem: string | null;
  sandbox: boolean;
  checkoutSessionId: string | null;
  paymentIntentId: string | null;
  createdAt: Date;
  paidAt: Date | null;
  /** The first refund. */
  refundedAt: Date | null;
  /** The last dispute, and the last one that was won, by the time of the payment service. */
  disputedAt: Date | null;
  reinstatedAt: Date | null;
}

export const PaymentEntity = new EntitySchema<PaymentRow>({
  name: 'Payment',
  tableName: 'payments',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    passId: { type: 'uuid', name: 'pass_id' },
    userId: { type: 'uuid', name: 'user_id', nullable: true },
    passTypeId: { type: 'text', name: 'pass_type_id' },
    priceCents: { type: 'integer', name: 'price_cents' },
    currency: { type: 'text' },
    status: { type: 'text', default: 'open' },
    problem: { type: 'text', nullable: true },
    sandbox: { type: 'boolean', default: false },
    checkoutSessionId: { type: 'text', name: 'checkout_session_id', nullable: true },
    paymentIntentId: { type: 'text', name: 'payment_intent_id', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
    paidAt: { type: 'timestamptz', name: 'paid_at', nullable: true },
    refundedAt: { type: 'timestamptz', name: 'refunded_at', nullable: true },
    disputedAt: { type: 'timestamptz', name: 'disputed_at', nullable: true },
    reinstatedAt: { type: 'timestamptz', name: 'reinstated_at', nullable: true },
  },
});

export interface PassRevocation {
  readonly why: 'refund' | 'dispute' | 'administrator';
  /** An administrator's words. */
  readonly reason?: string;
}

export interface AccessPassRow {
  id: PassId;
  userId: UserId;
  passTypeId: PassTypeId;
  durationHours: number;
  priceCents: number;
  status: PassStatus;
  source: 'purchase' | 'grant';
  purchasedAt: Date;
  /** The three are set together. */
  activatedAt: Date | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  expiredAt: Date | null;
  revokedAt: Date | null;
  revocation: PassRevocation | null;
  /** Decisions on the record, and up to which its workflow has heard of them. */
  revision: number;
  heardRevision: number;
  /** When the last of them was made. */
  decidedAt: Date;
}

export const AccessPassEntity = new EntitySchema<AccessPassRow>({
  name: 'AccessPass',
  tableName: 'access_passes',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    passTypeId: { type: 'text', name: 'pass_type_id' },
    durationHours: { type: 'integer', name: 'duration_hours' },
    priceCents: { type: 'integer', name: 'price_cents' },
    status: { type: 'text', default: 'purchased' },
    source: { type: 'text' },
    purchasedAt: { type: 'timestamptz', name: 'purchased_at', default: () => 'now()' },
    activatedAt: { type: 'timestamptz', name: 'activated_at', nullable: true },
    startsAt: { type: 'timestamptz', name: 'starts_at', nullable: true },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
    expiredAt: { type: 'timestamptz', name: 'expired_at', nullable: true },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    revocation: { type: 'jsonb', nullable: true },
    revision: { type: 'integer', default: 0 },
    heardRevision: { type: 'integer', name: 'heard_revision', default: 0 },
    decidedAt: { type: 'timestamptz', name: 'decided_at', default: () => 'now()' },
  },
});
