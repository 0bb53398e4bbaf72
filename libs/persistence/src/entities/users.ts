import type { Role, UserId } from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export interface UserRow {
  id: UserId;
  /** Lower case. */
  email: string;
  name: string;
  passwordHash: string;
  role: Role;
  disabledAt: Date | null;
  /** More time on every exam, of its duration. */
  extraTimePercent: number;
  /** null until the account was proved to have its address; asked for only where mail can be sent. */
  emailVerifiedAt: Date | null;
  /** Access tokens of an earlier epoch are refused. */
  tokenEpoch: number;
  createdAt: Date;
}

export const UserEntity = new EntitySchema<UserRow>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    email: { type: 'text' },
    name: { type: 'text' },
    passwordHash: { type: 'text', name: 'password_hash' },
    role: { type: 'text', default: 'candidate' },
    disabledAt: { type: 'timestamptz', name: 'disabled_at', nullable: true },
    extraTimePercent: { type: 'integer', name: 'extra_time_percent', default: 0 },
    emailVerifiedAt: { type: 'timestamptz', name: 'email_verified_at', nullable: true },
    tokenEpoch: { type: 'integer', name: 'token_epoch', default: 0 },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
  },
});

export interface RefreshTokenRow {
  id: string;
  userId: UserId;
  /** One sign-in; reuse of a rotated token revokes the whole family. */
  familyId: string;
  tokenHash: string;
  expiresAt: Date;
  usedAt: Date | null;
  revokedAt: Date | null;
  /** What it was given to; null where that is not known. */
  browser: string | null;
  system: string | null;
  createdAt: Date;
}

export const RefreshTokenEntity = new EntitySchema<RefreshTokenRow>({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    userId: { type: 'uuid', name: 'user_id' },
    familyId: { type: 'uuid', name: 'family_id' },
    tokenHash: { type: 'text', name: 'token_hash' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    usedAt: { type: 'timestamptz', name: 'used_at', nullable: true },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    browser: { type: 'text', nullable: true },
    system: { type: 'text', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
  },
});
