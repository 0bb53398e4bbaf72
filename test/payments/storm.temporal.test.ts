import { testPostgres, testTemporal } from '@ckx/test-support';
import { expect, it } from 'vitest';
import { storm } from './storm.ts';

it('deliveries in any order and number, and processes that die, come to one pass and one receipt each', { timeout: 240_000 }, async () => {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  const report = await storm({
    databaseUrl: url,
    temporalAddress: address,
    temporalNamespace: namespace,
    purchases: 15,
    deliveries: 300,
    untold: 3,
    seed: 'small',
    signal: new AbortController().signal,
    say: () => undefined,
  });
  expect(report.deliveries).toBe(300);
  expect(report.kills).toBeGreaterThan(0);
  expect(report.counts).toEqual({ payments: 18, paid: 18, passes: 18, receipts: 18, owners: 18, problems: 0 });
});
