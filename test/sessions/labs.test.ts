/** A lab of each category on real sessions: its solutions earn everything, graded twice alike. All of it is `npm run test:full`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabCategory } from '@ckx/contracts';
import { createCatalog } from '@ckx/lab-packs';
import { runCkx } from '@ckx/test-support/ckx';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { projectRoot } from './support.ts';

const folder = join(projectRoot, 'labs');
const free = createCatalog([folder])
  .list()
  .map(({ summary }) => summary)
  .filter(({ type }) => type === 'mock');
const WITHIN_MS = 10 * 60_000;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ckx-labs-'));
});
afterAll(() => rm(home, { recursive: true }));

it.each(LabCategory.options)(
  '%s',
  async (category) => {
    const lab = free.find((one) => one.category === category);
    if (lab === undefined) throw new Error(`No free lab is of the category ${category}.`);
    const env = { XDG_CONFIG_HOME: home, CKX_DATA_DIR: inject('dataDir') };
    const command = ['labs', 'verify', join(folder, lab.id), '--only', 'solved'];
    const { exitCode, stdout, stderr } = await runCkx(command, { env });
    expect(exitCode, stdout + stderr).toBe(0);
  },
  WITHIN_MS,
);
