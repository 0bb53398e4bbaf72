/**
 * Accounts in any number: inserted as rows, their tokens signed with the installation's own secret. To register and sign in is measured and
 * tested elsewhere; a thousand password hashes would be all that this machine does.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { ApiClient } from '@ckx/test-support/client';
import type { Client as PgClient } from 'pg';

const TOKEN_LIFETIME_SECONDS = 6 * 3_600;

export interface Candidate {
  readonly userId: string;
  readonly client: ApiClient;
}

export interface Accounts {
  readonly apiUrl: string;
  readonly jwtSecret: string;
  readonly role?: 'candidate' | 'admin';
}

export async function insertCandidates(
  pg: PgClient,
  count: number,
  { apiUrl, jwtSecret, role = 'candidate' }: Accounts,
): Promise<Candidate[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await pg.query(
    `INSERT INTO users (id, email, name, password_hash, role)
     SELECT id, id || '@example.org', 'A Candidate', 'none', $2 FROM unnest($1::uuid[]) AS id`,
    [ids, role],
  );
  return ids.map((userId) => ({ userId, client: new ApiClient(apiUrl, accessToken(jwtSecret, userId, role)) }));
}

/** As the API signs them (apps/api/src/auth/access-token.ts), but for the lifetime. */
function accessToken(secret: string, sub: string, role: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub, role, iat: now, exp: now + TOKEN_LIFETIME_SECONDS, iss: 'ckx', aud: 'ckx-api' };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
