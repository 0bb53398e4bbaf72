import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { PackDigest } from '@ckx/contracts';
import type { Problems } from './problems.ts';

/** A pack is read whole, and travels whole to the host that runs it. */
export const FILE_LIMIT_BYTES = 1024 ** 2;
export const PACK_LIMIT_BYTES = 16 * 1024 ** 2;
export const FILE_COUNT_LIMIT = 500;
/** Entries of any kind, folders and hidden files among them: more are not looked at. */
const ENTRY_LIMIT = 4 * FILE_COUNT_LIMIT;
const DEPTH_LIMIT = 20;

/**
 * The files of one pack, by path relative to its root, `/`-separated and sorted. Hidden files (`.git`, `.DS_Store`, …) are no part of a
 * pack. Nothing outside the root is ever read.
 */
export class PackFiles {
  readonly root: string;
  readonly #contents = new Map<string, Buffer>();
  readonly #problems: Problems;
  #bytes = 0;
  #entries = 0;

  constructor(root: string, problems: Problems) {
    this.root = realpathSync(root);
    this.#problems = problems;
    this.#readFolder('');
    if (this.#bytes > PACK_LIMIT_BYTES) problems.error('.', `The pack has more than the ${mib(PACK_LIMIT_BYTES)} that are allowed.`);
    if (this.#contents.size > FILE_COUNT_LIMIT || this.#entries > ENTRY_LIMIT) {
      problems.error('.', `The pack has more than ${FILE_COUNT_LIMIT} files: is this folder a lab pack?`);
    }
  }

  get paths(): readonly string[] {
    return [...this.#contents.keys()].sort();
  }

  has(path: string): boolean {
    return this.#contents.has(path);
  }

  /** A file as it is. */
  bytes(path: string): Buffer | undefined {
    return this.#contents.get(path);
  }

  /** A text in Unix form (no byte order mark, `\n` line ends), or null with the reason recorded where it is not UTF-8. */
  text(path: string): string | null {
    const content = this.#contents.get(path);
    if (content === undefined) return null;
    try {
      return unixText(content);
    } catch {
      this.#problems.error(path, 'The file is not UTF-8 text.');
      return null;
    }
  }

  /** SHA-256 over the sorted relative paths and contents; modes and times do not count. */
  digest(): PackDigest {
    const hash = createHash('sha256');
    for (const path of this.paths) {
      const content = this.#contents.get(path) ?? Buffer.alloc(0);
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
    return PackDigest.parse(`sha256:${hash.digest('hex')}`);
  }

  #readFolder(folder: string): void {
    if (folder.split('/').length > DEPTH_LIMIT) return this.#problems.error(folder, 'The folders are nested too deeply.');
    for (const name of readdirSync(join(this.root, folder)).sort()) {
      this.#entries += 1;
      if (this.#isTooMuch()) return;
      if (name.startsWith('.')) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      try {
        this.#readEntry(path);
      } catch (error) {
        // A name that is no text, a file that went away or may not be read.
        if (!(error instanceof Error && 'code' in error)) throw error;
        this.#problems.error(path, `This cannot be read (${String(error.code)}).`);
      }
    }
  }

  #readEntry(path: string): void {
    const absolute = join(this.root, path);
    const entry = lstatSync(absolute);
    if (entry.isDirectory()) return this.#readFolder(path);
    if (entry.isSymbolicLink() && !this.#staysInside(absolute)) {
      return this.#problems.error(path, 'The link points to no file of the pack; put the file itself here.');
    }
    const file = statSync(absolute);
    if (!file.isFile()) return this.#problems.error(path, 'Only files and folders may be in a pack.');
    if (file.size > FILE_LIMIT_BYTES) {
      return this.#problems.error(path, `The file has ${mib(file.size)}; a file of a pack has at most ${mib(FILE_LIMIT_BYTES)}.`);
    }
    this.#bytes += file.size;
    if (!this.#isTooMuch()) this.#contents.set(path, readFileSync(absolute));
  }

  /** What is too much for a pack is not read to its end. */
  #isTooMuch(): boolean {
    return this.#contents.size > FILE_COUNT_LIMIT || this.#entries > ENTRY_LIMIT || this.#bytes > PACK_LIMIT_BYTES;
  }

  #staysInside(link: string): boolean {
    try {
      return realpathSync(link).startsWith(this.root + sep) && statSync(link).isFile();
    } catch {
      return false; // a link to nothing
    }
  }
}

/** Text in Unix form: no byte order mark, `\n` line ends. @throws TypeError where it is not UTF-8. */
export function unixText(content: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(content).replaceAll('\r\n', '\n');
}

function mib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
