import { promisedMetrics } from '@ckx/test-support/metrics-page';
import { expect, it } from 'vitest';
import { TerminalClient } from './client.ts';
import { openHarness } from './harness.ts';

it('exports what the documentation promises', async () => {
  await using harness = await openHarness();
  await harness.start();
  const session = await harness.session({ vnc: 1 });
  const client = new TerminalClient(harness.url(session), await harness.ticket(session));
  expect(await client.closed).toMatchObject({ code: 4021 });
  await new TerminalClient(harness.url(session), 'x', { origin: 'http://evil.example' }).closed;
  const page = await (await fetch(`http://127.0.0.1:${harness.port}/metrics`)).text();
  const promised = (await promisedMetrics()).get('Of a gateway') ?? [];
  const exported = [...page.matchAll(/^# TYPE (ckx_\w+) (\w+)$/gm)].map(([, name, type]) => ({ name, type }));
  expect(promised.map(({ name, type }) => ({ name, type }))).toEqual(exported);
  for (const { name, labels } of promised) for (const label of labels) expect(page).toMatch(new RegExp(`^${name}\\{.*${label}="`, 'm'));
  expect(page).toContain('ckx_gateway_connections_ended_total{kind="terminal",code="NOT_THERE"} 1');
  expect(page).toContain('ckx_gateway_upgrades_refused_total{reason="origin"} 1');
});
