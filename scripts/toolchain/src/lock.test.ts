import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';
import { isAlive, markOf } from './processes.ts';
import { addUser, countUsers, removeUser } from './users.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-lock-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that is gone, and its mark while it lived. */
async function deadProcess(): Promise<ReturnType<typeof markOf>> {
  const child = spawn('sleep', ['60']);
  await new Promise((spawned) => child.once('spawn', spawned));
  const mark = markOf(child.pid ?? 0);
  expect(isAlive(mark)).toBe(true);
  const exited = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await exited;
  return mark;
}

describe('withLock', () => {
  it('lets one in at a time and leaves nothing behind', async () => {
    const path = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setTimeout(done, 20));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over the lock of a dead process, once, however many want it', async () => {
    const path = join(folder, 'lock');
    for (const file of [path, `${path}.stale`]) await writeFile(file, JSON.stringify({ ...(await deadProcess()), ticket: 'stale' }));
    let inside = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await new Promise((done) => setTimeout(done, 20));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, work)));
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over the lock of a process whose id another one has by now', async () => {
    const path = join(folder, 'lock');
    await writeFile(path, JSON.stringify({ pid: process.pid, startTicks: '1', ticket: 'stale' }));
    expect(await withLock(path, () => Promise.resolve('in'))).toBe('in');
  });

  it('tells who holds it, and gives way when told so', async () => {
    const path = join(folder, 'lock');
    await withLock(path, async () => {
      const refused = withLock(path, () => Promise.resolve(), {
        onWait: (pid) => {
          throw new Error(`held by ${pid}`);
        },
      });
      await expect(refused).rejects.toThrow(`held by ${process.pid}`);
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is free again when the work failed', async () => {
    const path = join(folder, 'lock');
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(path, () => Promise.resolve('in'))).toBe('in');
  });
});

describe('users', () => {
  it('counts the living only', async () => {
    const first = await addUser(folder);
    await addUser(folder);
    await writeFile(join(folder, 'dead'), JSON.stringify(await deadProcess()));
    expect(await countUsers(folder)).toBe(2);
    await removeUser(first);
    expect(await countUsers(folder)).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
  });
});
