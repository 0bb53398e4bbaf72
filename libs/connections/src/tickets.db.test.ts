import { randomBytes } from 'node:crypto';
import { TICKET_LIFETIME_MS, type ExamSessionId, type UserId } from '@ckx/contracts';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { insertSession, insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueTicket, redeemTicket } from './index.ts';

let database: DataSource;
let userId: UserId;
let examSessionId: ExamSessionId;
beforeAll(async () => {
  database = await openDatabase((await testPostgres()).url, { poolSize: 20 });
  userId = await insertUser(database.manager);
  examSessionId = await insertSession(database.manager, { userId });
});
afterAll(() => database.destroy());

const issue = async (lifetimeMs?: number) => issueTicket(database, { userId, examSessionId, kind: 'terminal' }, lifetimeMs);
const redeem = (ticket: string, ask: Partial<Parameters<typeof redeemTicket>[2]> = {}) =>
  redeemTicket(database, ticket, { examSessionId, kind: 'terminal', ...ask });
const REFUSED = { kind: 'user', code: 'TICKET_REFUSED' };

it('opens one connection, for whom it was issued', async () => {
  const { ticket, expiresAt } = await issue();
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - TICKET_LIFETIME_MS)).toBeLessThan(2_000);
  expect(await redeem(ticket)).toBe(userId);
  await expect(redeem(ticket)).rejects.toMatchObject(REFUSED);
});

it('goes to one of many who redeem it at once', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { ticket } = await issue();
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => redeem(ticket)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

it('opens nothing else, and is not used up by the attempt', async () => {
  const other = await insertSession(database.manager, { userId: await insertUser(database.manager) });
  const { ticket } = await issue();
  await expect(redeem(ticket, { examSessionId: other })).rejects.toMatchObject(REFUSED);
  await expect(redeem(ticket, { kind: 'desktop' })).rejects.toMatchObject(REFUSED);
  for (const wrong of ['', ticket.slice(1), `${ticket}A`, randomBytes(32).toString('base64url'), "' OR true --"]) {
    await expect(redeem(wrong)).rejects.toMatchObject(REFUSED);
  }
  expect(await redeem(ticket)).toBe(userId);
});

it('opens nothing when its time is over', async () => {
  const { ticket } = await issue(300);
  await database.query('SELECT pg_sleep(0.35)');
  await expect(redeem(ticket)).rejects.toMatchObject(REFUSED);
});

it('is not in the records, and goes when it is long past its time', async () => {
  const { ticket } = await issue(-2 * 60 * 60_000);
  const all = JSON.stringify(await database.query(`SELECT *, encode(token_hash, 'base64') FROM connect_tickets`));
  expect(all).not.toContain(ticket);
  expect(all).not.toContain(Buffer.from(ticket, 'base64url').toString('base64'));
  await issue();
  expect(await database.query(`SELECT FROM connect_tickets WHERE expires_at < now() - interval '1 hour'`)).toEqual([]);
});
