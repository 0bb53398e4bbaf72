/** Archives of packs, of which nothing is believed: they may come from anybody who may upload one. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CkxError } from '@ckx/contracts';
import { extract, type Header } from 'tar-stream';
import { ARCHIVE_LIMIT_BYTES } from './archive.ts';
import { FILE_COUNT_LIMIT, FILE_LIMIT_BYTES, PACK_LIMIT_BYTES } from './files.ts';
import { OWN_LISTING_FILE } from './listing.ts';

/** Headers and padding of as many files as a pack may have, with as many folders, and names that need headers of their own. */
const TAR_LIMIT_BYTES = PACK_LIMIT_BYTES + FILE_COUNT_LIMIT * 4 * 1024;
const PATH_LIMIT = 500;
/** Entries of any kind, hidden files among them, which a pack leaves out. */
const ENTRY_LIMIT = 4 * FILE_COUNT_LIMIT;

/**
 * Unpacks an archive into a folder that is made for it: files alone, none outside, none through a link, no more and no larger than a pack
 * may have. Whether it is a pack, its reader says.
 *
 * @param folder must be there and empty.
 * @throws CkxError `ARCHIVE_REFUSED` (user), with files left behind in the folder.
 */
export async function unpackArchive(archive: Uint8Array, folder: string): Promise<void> {
  if (archive.length > ARCHIVE_LIMIT_BYTES) throw refused(`it has more than ${ARCHIVE_LIMIT_BYTES} bytes`);
  const tar = await promisify(gunzip)(archive, { maxOutputLength: TAR_LIMIT_BYTES }).catch((cause: unknown) => {
    const tooLarge = cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw refused(tooLarge ? 'it unpacks to more than a pack may have' : 'it is not a complete gzip file', cause);
  });
  const written = new Set<string>();
  let entries = 0;
  const entriesOf = Readable.from([tar]).pipe(extract());
  try {
    for await (const entry of entriesOf) {
      entries += 1;
      if (entries > ENTRY_LIMIT) throw refused(`it has more than ${ENTRY_LIMIT} entries`);
      const path = pathOf(entry.header);
      const isFile = entry.header.type === 'file';
      // Tools put hidden files of their own into archives; they are no part of a pack.
      const wanted = isFile && path !== null && (path === OWN_LISTING_FILE || !path.split('/').some((name) => name.startsWith('.')));
      if (!wanted) {
        entry.resume();
        continue;
      }
      if ((entry.header.size ?? 0) > FILE_LIMIT_BYTES) throw refused(`its file ${path} has more than ${FILE_LIMIT_BYTES} bytes`);
      if (written.has(path)) throw refused(`it has ${path} twice`);
      written.add(path);
      if (written.size > FILE_COUNT_LIMIT + 1) throw refused(`it has more than ${FILE_COUNT_LIMIT} files`);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), await buffer(entry), { flag: 'wx', mode: 0o644 });
    }
  } catch (error) {
    if (error instanceof CkxError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A file where another path needs a folder, or two names that are one on this file system.
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') throw refused('two of its paths contradict each other', error);
    if (code === 'ENAMETOOLONG') throw refused('a name in it is too long', error);
    if (typeof code === 'string' && code.startsWith('E')) throw error;
    throw refused('it is not a tar file', error);
  }
}

/** Unpacks into a folder of the moment, which is gone when `use` has ended. @throws CkxError as {@link unpackArchive} */
export async function withUnpacked<T>(archive: Uint8Array, use: (folder: string) => T | Promise<T>): Promise<T> {
  const outer = await mkdtemp(join(tmpdir(), 'ckx-pack-'));
  try {
    // Two levels down: what lies about in the folder for temporary files is no listing of this pack.
    const folder = join(outer, 'of', 'pack');
    await mkdir(folder, { recursive: true });
    await unpackArchive(archive, folder);
    return await use(folder);
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
}

/** The path of an entry below the folder; null for the folder itself. @throws CkxError where it leads elsewhere or is no plain file. */
function pathOf({ name, type }: Header): string | null {
  if (type !== 'file' && type !== 'directory')
    throw refused(`its entry ${shown(name)} is a ${type ?? 'thing'}; only files and folders may be in it`);
  const path = name.replace(/^(\.\/)+/, '').replace(/\/$/, '');
  if (path === '' || path === '.') return null;
  const steps = path.split('/');
  const printable = !/[\u0000-\u001f\u007f\\]/.test(path);
  if (!printable || path.length > PATH_LIMIT || steps.some((step) => step === '' || step === '.' || step === '..')) {
    throw refused(`its path ${shown(name)} is not one below its root`);
  }
  return path;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function refused(why: string, cause?: unknown): CkxError {
  return new CkxError('user', 'ARCHIVE_REFUSED', `The archive is refused: ${why}.`, {
    remedy: 'Send the folder of one lab pack as a gzipped tar of plain files.',
    ...(cause === undefined ? {} : { cause }),
  });
}
