/** The oracle of every lab, on real sessions: untouched nothing is earned, solved everything, wrong answers what they say, twice the same. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCkx } from '@ckx/test-support/ckx';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../sessions/support.ts';

const entries = await readdir(join(projectRoot, 'labs'), { withFileTypes: true });
const labs = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const WITHIN_MS = 40 * 60_000;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ckx-full-'));
});
afterAll(() => rm(home, { recursive: true }));

describe('verified', () => {
  it.each(labs)(
    '%s',
    async (lab) => {
      const env = { XDG_CONFIG_HOME: home, CKX_DATA_DIR: inject('dataDir') };
      const { exitCode, stdout, stderr } = await runCkx(['labs', 'verify', join(projectRoot, 'labs', lab)], { env });
      expect(exitCode, stdout + stderr).toBe(0);
    },
    WITHIN_MS,
  );
});
