/**
 * One folder per run of vitest, in which the first test that needs a service starts it (services.ts) for all of them. What was started
 * is stopped at the end; what a run that was killed left behind is stopped by the next one.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, isAlive, markOf, ProcessMark } from '@ckx/toolchain';
import type { TestProject } from 'vitest/node';

const PREFIX = 'ckx-test-run-';

declare module 'vitest' {
  interface ProvidedContext {
    ckxTestFolder: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const owner = await readMark(join(folder, 'owner.json'));
    if (owner !== null && !isAlive(owner)) await cleanUp(folder);
  }
  const folder = folderOfRun();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'owner.json'), JSON.stringify(markOf(process.pid)));
  project.provide('ckxTestFolder', folder);
}

export async function teardown(): Promise<void> {
  await cleanUp(folderOfRun());
}

function folderOfRun(): string {
  return join(tmpdir(), `${PREFIX}${process.pid}`);
}

async function cleanUp(folder: string): Promise<void> {
  for (const service of ['temporal', 'postgres']) {
    const mark = await readMark(join(folder, `${service}.pid.json`));
    if (mark !== null) await endProcess(mark, 10_000, 'SIGINT');
  }
  await rm(folder, { recursive: true, force: true });
}

async function readMark(file: string): Promise<ProcessMark | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : ProcessMark.parse(JSON.parse(text));
}
