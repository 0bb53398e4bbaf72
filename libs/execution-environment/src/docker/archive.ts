/** Files into and out of containers through the engine's archive calls: nothing is mounted from the host. */
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import tar from 'tar-stream';
import { engineCall, engineCallUnless } from './errors.ts';

/** A file or folder as it is to be inside the container; ids are the container's. */
export interface ArchiveEntry {
  /** Relative to the archive's target folder. */
  readonly path: string;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Absent for a folder. */
  readonly content?: string | Buffer;
}

/** A tar archive of the entries. Folders must come before what is in them. */
export async function makeTar(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { path, mode, uid = 0, gid = 0, content } of entries) {
    const header = { name: path, mode, uid, gid, mtime: new Date(0) };
    if (content === undefined) pack.entry({ ...header, type: 'directory' });
    else pack.entry(header, content);
  }
  pack.finalize();
  return buffer(pack);
}

/** The folder's files as entries under `prefix`, readable to all. Links are left out: they could lead anywhere on this host. */
export async function folderEntries(folder: string, prefix: string): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [{ path: prefix, mode: 0o755 }];
  const found = await readdir(folder, { withFileTypes: true });
  for (const file of found.sort((a, b) => a.name.localeCompare(b.name))) {
    const [source, path] = [join(folder, file.name), posix.join(prefix, file.name)];
    if (file.isDirectory()) entries.push(...(await folderEntries(source, path)));
    else if (file.isFile()) entries.push({ path, mode: 0o644, content: await readFile(source) });
  }
  return entries;
}

/** Puts entries below `folder`, which must exist in the container. */
export async function putEntries(container: Docker.Container, folder: string, entries: readonly ArchiveEntry[]): Promise<void> {
  const archive = await makeTar(entries);
  await engineCall(() => container.putArchive(archive, { path: folder }));
}

/** One file's content, or null where there is no such file (yet). Links are not followed. */
export async function getFile(container: Docker.Container, path: string): Promise<string | null> {
  const stream = await engineCallUnless([404], () => container.getArchive({ path }));
  if (stream === null) return null;
  const extract = tar.extract();
  extract.end(await buffer(stream));
  const content: string[] = [];
  for await (const entry of extract) content.push(await text(entry));
  return content.join('');
}
