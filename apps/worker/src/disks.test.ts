import { tmpdir } from 'node:os';
import { parseExposition } from '@ckx/test-support/exposition';
import { promisedMetrics } from '@ckx/test-support/metrics-page';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { diskMetrics } from './disks.ts';

async function show(disks: Parameters<typeof diskMetrics>[0], dockerHost?: string): Promise<string> {
  const registry = new Registry();
  diskMetrics(disks, dockerHost)(registry);
  return registry.metrics();
}

it('shows the room of both disks', async () => {
  const text = await show({ engine: '/', work: tmpdir() });
  for (const disk of ['engine', 'work']) {
    const free = Number(new RegExp(`^ckx_host_disk_free_bytes\\{disk="${disk}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
    const size = Number(new RegExp(`^ckx_host_disk_size_bytes\\{disk="${disk}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
    expect(free, disk).toBeGreaterThan(0);
    expect(size, disk).toBeGreaterThanOrEqual(free);
  }
});

it('exports what is promised, name by name', async () => {
  const promised = (await promisedMetrics()).get('Of a host worker')?.map(({ name, type }) => [name, type]);
  expect([...parseExposition(await show({ engine: '/', work: tmpdir() })).types]).toEqual(promised);
});

it('says nothing of a disk that it cannot see', async () => {
  expect(await show({ engine: '/nonexistent', work: tmpdir() })).not.toContain('disk="engine"');
  expect(await show({ engine: '/', work: tmpdir() }, 'tcp://192.0.2.1:2376')).not.toContain('disk="engine"');
});
