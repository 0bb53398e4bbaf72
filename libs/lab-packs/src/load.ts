import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CkxError } from '@ckx/contracts';
import { ASSESSMENT_FILE, CONFIG_FILE, readCkXPack, type CkXListing } from './ck-x-format.ts';
import { LAB_FILE, readCkxPack } from './ckx-format.ts';
import { pinOf, summaryOf } from './content.ts';
import { PackFiles } from './files.ts';
import { findListing } from './listing.ts';
import type { LabPack, PackProblem } from './pack.ts';
import { Problems } from './problems.ts';

/** What came of reading a folder: a pack, or null where a problem of level error stands against it. */
export interface PackReading {
  /** Absolute path. */
  readonly root: string;
  readonly pack: LabPack | null;
  readonly problems: readonly PackProblem[];
}

/**
 * Reads one lab pack of either format. Never throws for what is in the folder.
 *
 * @param listing the lab's entry in CK-X's labs.json; looked for in the folders around where not given.
 */
export function readPack(folder: string, listing?: CkXListing): PackReading {
  const root = resolve(folder);
  const problems = new Problems();
  if (!isFolder(root)) {
    problems.error('.', 'There is no such folder.');
    return { root, pack: null, problems: problems.found };
  }
  const files = new PackFiles(root, problems);
  const format = files.has(LAB_FILE) ? 'ckx' : files.has(ASSESSMENT_FILE) || files.has(CONFIG_FILE) ? 'ck-x' : null;
  if (format === null && !problems.fatal)
    problems.error('.', `This is no lab pack: there is neither a ${LAB_FILE} nor an ${ASSESSMENT_FILE}.`);
  if (format === null || problems.fatal) return { root, pack: null, problems: problems.found };
  const content = format === 'ckx' ? readCkxPack(files, problems) : readCkXPack(files, listing ?? findListing(files.root), problems);
  if (!content || problems.fatal) return { root, pack: null, problems: problems.found };
  const digest = files.digest();
  const pack: LabPack = {
    format,
    root: files.root,
    digest,
    summary: summaryOf(content),
    pin: pinOf(content, digest),
    draw: content.draw,
    questions: content.questions,
    problems: problems.found,
  };
  return { root, pack, problems: problems.found };
}

/** Reads one lab pack. @throws CkxError `LAB_PACK_INVALID` that names every fault with its place. */
export function loadPack(folder: string): LabPack {
  const { root, pack, problems } = readPack(folder);
  if (pack) return pack;
  const faults = problems.filter((problem) => problem.level === 'error').map(({ place, message }) => `${place}: ${message}`);
  throw new CkxError('user', 'LAB_PACK_INVALID', `The lab pack ${root} cannot be used. ${faults.join(' ')}`, {
    remedy: 'Correct the files named, then check the folder with `ckx labs lint`.',
    details: { problems },
  });
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
