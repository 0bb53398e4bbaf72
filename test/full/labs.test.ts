/** The oracle of every lab, on real sessions: untouched nothing is earned, solved everything, wrong answers what they say, twice the same. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../sessions/support.ts';

const entries = await readdir(join(projectRoot, 'labs'), { withFileTypes: true });
const labs = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const WITHIN_MS = 20 * 60_000;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ckx-full-'));
});
afterAll(() => rm(home, { recursive: true }));

/** `ckx labs verify`, as an author runs it. */
function verify(lab: string): Promise<{ exitCode: number | null; said: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(projectRoot, 'apps/cli/bin/ckx.mjs'), 'labs', 'verify', join(projectRoot, 'labs', lab)], {
      env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: home, CKX_DATA_DIR: inject('dataDir') },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', fail);
    child.on('close', (exitCode) => done({ exitCode, said }));
  });
}

describe('verified', () => {
  it.each(labs)(
    '%s',
    async (lab) => {
      const { exitCode, said } = await verify(lab);
      expect(exitCode, said).toBe(0);
    },
    WITHIN_MS,
  );
});
