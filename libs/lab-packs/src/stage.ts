import { randomUUID } from 'node:crypto';
import { cp, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CkxError } from '@ckx/contracts';
import { PackFiles, unixText } from './files.ts';
import type { LabPack } from './pack.ts';
import { Problems } from './problems.ts';

/** Answers, right and wrong ones: nothing in a session's environment reads them, so they are never there. */
const ANSWER = /^questions\/[^/]+\/(solution\.(sh|md)|wrong\/.*)$/;

/**
 * Puts a pack's files into a folder from which its scripts can run: scripts in Unix form, no answers, nothing that is not part of the pack.
 * What is staged is what was pinned, even if the pack's folder changes meanwhile.
 *
 * @param folder is created where needed; files of the same name are replaced.
 * @throws CkxError `LAB_PACK_CHANGED` where the pack on disk is no longer the one that was read.
 */
export async function stagePack(pack: LabPack, folder: string): Promise<void> {
  const files = new PackFiles(pack.root, new Problems());
  if (files.digest() !== pack.digest) {
    throw new CkxError('operational', 'LAB_PACK_CHANGED', `The lab pack ${pack.root} was changed after it was read.`, {
      remedy: 'Restore the pack, or start a new session, which takes the new one.',
      details: { labId: pack.summary.id, pinned: pack.digest },
    });
  }
  const isAnswer = (path: string) => pack.format === 'ckx' && ANSWER.test(path);
  for (const path of files.paths.filter((path) => !isAnswer(path))) {
    const content = files.bytes(path) ?? Buffer.alloc(0);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path.endsWith('.sh') ? asScript(content) : content);
  }
}

/** Where the platform's functions for checks are, below the folder of a staged pack: hidden files are no part of any pack. */
export const CHECK_FUNCTIONS_FOLDER = '.ckx/checks';

/** Every version of the functions for checks, a file each; what a version does never changes (docs/labs/checks.md). */
const CHECK_FUNCTIONS = join(import.meta.dirname, '../checks');

/** Puts the functions for checks beside a staged pack, whole or not at all; those that are there already are kept. */
export async function stageCheckFunctions(folder: string): Promise<void> {
  const target = join(folder, CHECK_FUNCTIONS_FOLDER);
  if (await isThere(target)) return;
  const draft = join(folder, `.ckx-${randomUUID()}`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await cp(CHECK_FUNCTIONS, draft, { recursive: true });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another call for the same session was quicker.
    if (!(await isThere(target))) throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function asScript(content: Buffer): string | Buffer {
  try {
    return unixText(content);
  } catch {
    return content; // not UTF-8: never run, see readScript
  }
}
