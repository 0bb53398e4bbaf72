/** Digests of files. Those of large ones are remembered, so that finding out that nothing changed costs no second of reading. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { cachePath } from './paths.ts';

const LARGE_BYTES = 2 ** 20;

/** Path → what the file was like when it was read. */
const Remembered = z.record(z.string(), z.object({ sizeBytes: z.number(), mtimeMs: z.number(), inode: z.number(), digest: z.string() }));

export interface Digests {
  /** sha256 of a file, hexadecimal. */
  of(path: string): Promise<string>;
  /** Remembers what was read. */
  keep(): Promise<void>;
}

export async function openDigests(file = cachePath('images', 'digests.json')): Promise<Digests> {
  const before = await readRemembered(file);
  const now: z.infer<typeof Remembered> = {};
  return {
    of: async (path) => {
      const { size: sizeBytes, mtimeMs, ino: inode } = await stat(path);
      const known = now[path] ?? before[path];
      const unchanged = known?.sizeBytes === sizeBytes && known.mtimeMs === mtimeMs && known.inode === inode;
      const digest = unchanged ? known.digest : await digestOfFile(path);
      if (sizeBytes >= LARGE_BYTES) now[path] = { sizeBytes, mtimeMs, inode, digest };
      return digest;
    },
    keep: async () => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.${process.pid}`, JSON.stringify(now));
      await rename(`${file}.${process.pid}`, file);
    },
  };
}

/** Empty where nothing was remembered, or not by this version. */
async function readRemembered(file: string): Promise<z.infer<typeof Remembered>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return Remembered.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}
