import { randomUUID } from 'node:crypto';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReplayGuard } from './replay.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());

const request = (keyId: string, nonce: string = randomUUID(), expiresAt = new Date(Date.now() + 61_000)) => ({
  keyId,
  nonce,
  expiresAt,
  scope: 'host' as const,
  bodyDigest: '',
});

it('lets one of twenty at once pass, over two copies of the service', async () => {
  const [one, other] = [new ReplayGuard(dataSource), new ReplayGuard(dataSource)];
  const repeated = request('host-1');
  const passed = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).claim(repeated)));
  expect(passed.filter(Boolean)).toHaveLength(1);
});

it('keeps the nonces of different keys apart', async () => {
  const guard = new ReplayGuard(dataSource);
  const nonce = randomUUID();
  expect([await guard.claim(request('a', nonce)), await guard.claim(request('b', nonce)), await guard.claim(request('a', nonce))]).toEqual([
    true,
    true,
    false,
  ]);
});

it('forgets what its time refuses anyway, and nothing else', async () => {
  const guard = new ReplayGuard(dataSource);
  const [old, fresh] = [request('a', randomUUID(), new Date(Date.now() - 120_000)), request('a')];
  await guard.claim(old);
  await guard.claim(fresh);
  await guard.tidy();
  expect(await guard.claim(fresh)).toBe(false);
  expect(await guard.claim(old)).toBe(true);
});
