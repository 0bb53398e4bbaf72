import { UserId } from '@ckx/contracts';
import { inTransaction, MailEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { insertUser } from '@ckx/test-support/records';
import { testPostgres } from '@ckx/test-support/services';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oweMail } from './index.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());

const data = { passName: '1 Week Access Pass', expiresAt: new Date().toISOString() };

test('an event is owed one mail, however often and from however many it is told', async () => {
  const userId = await insertUser(dataSource.manager);
  const eventKey = `pass_expired/${randomUUID()}`;
  const told = await Promise.all(
    Array.from({ length: 8 }, () => inTransaction(dataSource, (tx) => oweMail(tx, { userId, kind: 'pass_expired', data, eventKey }))),
  );
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(await dataSource.manager.findBy(MailEntity, { userId })).toMatchObject([
    { recipient: `${userId}@example.com`, kind: 'pass_expired', data, eventKey, sentAt: null },
  ]);
});

test('without a name of the event each is owed; to an account that is gone none', async () => {
  const { manager } = dataSource;
  const userId = await insertUser(manager);
  for (let times = 0; times < 2; times += 1)
    expect(await oweMail(manager, { userId, kind: 'pass_ending', data, eventKey: null })).toBe(true);
  expect(await manager.countBy(MailEntity, { userId })).toBe(2);
  const gone = UserId.parse(randomUUID());
  expect(await oweMail(manager, { userId: gone, kind: 'pass_ending', data, eventKey: null })).toBe(false);
});

test('what is rolled back is not owed', async () => {
  const userId = await insertUser(dataSource.manager);
  const eventKey = randomUUID();
  const work = inTransaction(dataSource, async (tx) => {
    await oweMail(tx, { userId, kind: 'pass_ending', data, eventKey });
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await dataSource.manager.countBy(MailEntity, { eventKey })).toBe(0);
});

test.each(['a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', 'A <a@b.example>', 'nobody', 'a@b.example;c@d.example', ''])(
  'a recipient is one address: %j',
  async (recipient) => {
    const mail = { userId: null, recipient, kind: 'pass_ending', data, eventKey: null } as const;
    await expect(oweMail(dataSource.manager, mail)).rejects.toMatchObject({ kind: 'bug', code: 'MAIL_MALFORMED' });
  },
);

test('data that does not fit its kind is refused', async () => {
  const bad = { passName: 'a\r\nBcc: x@example.org', expiresAt: data.expiresAt };
  await expect(
    oweMail(dataSource.manager, { userId: null, recipient: 'a@example.org', kind: 'pass_ending', data: bad, eventKey: null }),
  ).rejects.toMatchObject({ code: 'MAIL_MALFORMED' });
});
