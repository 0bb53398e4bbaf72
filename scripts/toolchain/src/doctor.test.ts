import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnose } from './doctor.ts';

let folder: string;
const before = process.env['XDG_CACHE_HOME'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-doctor-test-'));
  process.env['XDG_CACHE_HOME'] = folder;
});
afterEach(async () => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
  await rm(folder, { recursive: true, force: true });
});

it('looks at every part, gets none, and has a remedy for whatever is not ok', async () => {
  const rows = await diagnose();
  for (const part of ['node', 'postgres', 'temporal', 'kubernetes', 'etcd', 'promtool', 'docker engine', 'memory', 'disk']) {
    expect(
      rows.filter((row) => row.part === part),
      part,
    ).toHaveLength(1);
  }
  expect(rows.find(({ part }) => part === 'kubernetes')).toMatchObject({ version: '1.34.4', origin: null, state: 'missing' });
  for (const row of rows) {
    expect(['ok', 'missing', 'thin', 'wrong'], row.part).toContain(row.state);
    if (row.state !== 'ok') expect(row.remedy, row.part).toBeTruthy();
  }
  expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  expect(await readdir(folder)).toEqual([]);
});
