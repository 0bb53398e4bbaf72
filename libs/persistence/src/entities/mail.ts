import type { UserId } from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export type AccountTokenKind = 'verify_email' | 'reset_password' | 'change_email';

export interface AccountTokenRow {
  id: string;
  userId: UserId;
  kind: AccountTokenKind;
  /** The address it was sent to: the account's, or, to change it, the one to come. */
  email: string;
  expiresAt: Date;
  usedAt: Date | null;
  createdAt: Date;
}

export const AccountTokenEntity = new EntitySchema<AccountTokenRow>({
  name: 'AccountToken',
  tableName: 'account_tokens',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    kind: { type: 'text' },
    email: { type: 'text' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    usedAt: { type: 'timestamptz', name: 'used_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
  },
});

export interface MailRow {
  id: string;
  userId: UserId | null;
  recipient: string;
  kind: string;
  /** By kind; nothing secret. */
  data: object;
  attempts: number;
  nextAttemptAt: Date;
  sentAt: Date | null;
  /** Why the last attempt failed. */
  failure: string | null;
  /** Refused for good, or too old. */
  givenUpAt: Date | null;
  /** Names the event that it tells of: owed once, however often the event is told. null: each is owed for itself. */
  eventKey: string | null;
  createdAt: Date;
}

export const MailEntity = new EntitySchema<MailRow>({
  name: 'Mail',
  tableName: 'mails',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    userId: { type: 'uuid', name: 'user_id', nullable: true },
    recipient: { type: 'text' },
    kind: { type: 'text' },
    data: { type: 'jsonb' },
    attempts: { type: 'integer', default: 0 },
    nextAttemptAt: { type: 'timestamptz', name: 'next_attempt_at', default: () => 'now()' },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
    failure: { type: 'text', nullable: true },
    givenUpAt: { type: 'timestamptz', name: 'given_up_at', nullable: true },
    eventKey: { type: 'text', name: 'event_key', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
  },
});
