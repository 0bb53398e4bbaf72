/**
 * A lock between processes: a file that names its holder. A holder that died leaves a stale file, which the next one takes over.
 * The file appears whole (written aside, then hard-linked), so that nobody ever reads half of one.
 */
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive, markOf, ProcessMark } from './processes.ts';

const Holder = ProcessMark.extend({ ticket: z.string() });

const RETRY_MS = 100;

export interface LockOptions {
  /** Told once when another process holds the lock. */
  readonly onWait?: (holderPid: number) => void;
}

/** Runs `work` while no other process (nor another caller in this one) holds the lock at `path`. */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const ticket = crypto.randomUUID();
  const own = `${path}.${ticket}`;
  await writeFile(own, JSON.stringify({ ...markOf(process.pid), ticket }));
  try {
    await take(path, own, options);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function take(path: string, own: string, options: LockOptions): Promise<void> {
  for (let told = false; ;) {
    if (await linked(own, path)) return;
    const holder = await readHolder(path);
    if (holder !== null && isAlive(holder)) {
      if (!told) options.onWait?.(holder.pid);
      told = true;
      await delay(RETRY_MS);
    } else if (holder !== null) {
      await removeStale(path, holder.ticket);
    }
  }
}

/** One at a time, and only while it is still that very file: whoever looked before another took over must not remove the new lock. */
async function removeStale(path: string, staleTicket: string): Promise<void> {
  await withLock(`${path}.takeover`, async () => {
    if ((await readHolder(path))?.ticket !== staleTicket) return;
    await rm(path);
    await rm(`${path}.${staleTicket}`, { force: true });
  });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<z.infer<typeof Holder> | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
