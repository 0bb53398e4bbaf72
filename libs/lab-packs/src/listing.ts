import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CkXListing } from './ck-x-format.ts';
import { SourceDocument } from './document.ts';
import { unixText } from './files.ts';
import { Problems } from './problems.ts';

export const LABS_FILE = 'labs.json';

const LabsJson = z.union([z.object({ labs: z.array(z.unknown()) }), z.array(z.unknown()).transform((labs) => ({ labs }))]);

export interface ListedPack {
  readonly root: string;
  readonly listing: CkXListing;
}

/** The packs that a folder's labs.json lists; entries that are wrong or lead nowhere are recorded and left out. */
export function readListing(folder: string, problems: Problems): readonly ListedPack[] {
  let text: string;
  try {
    text = unixText(readFileSync(join(folder, LABS_FILE)));
  } catch (error) {
    problems.error(LABS_FILE, `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    return [];
  }
  const document = SourceDocument.read(LABS_FILE, text, problems);
  const list = document?.parse(LabsJson);
  if (!document || !list) return [];
  return list.labs.flatMap((_, index) => {
    const at = Array.isArray(document.value) ? [index] : ['labs', index];
    const listing = document.parse(CkXListing, at);
    if (!listing) return [];
    const root = findAssets(folder, listing.assetPath);
    if (root === null) problems.error(document.place([...at, 'assetPath']), `There is no folder “${listing.assetPath}” here.`);
    return root === null ? [] : [{ root, listing }];
  });
}

/** The entry of a pack that travelled as an archive, in its root; hidden, so that it is no part of what the digest counts. */
export const OWN_LISTING_FILE = '.listing.json';

/**
 * The entry that a pack brought along, or else that in a labs.json one or two folders above it. What is wrong with such a file is not
 * this pack's fault.
 */
export function findListing(packRoot: string): CkXListing | null {
  const own = readOwnListing(packRoot);
  if (own !== null) return own;
  for (const folder of [dirname(packRoot), dirname(dirname(packRoot))]) {
    if (!statSync(join(folder, LABS_FILE), { throwIfNoEntry: false })?.isFile()) continue;
    const entry = readListing(folder, new Problems()).find(({ root }) => realpathSync(root) === packRoot);
    if (entry) return entry.listing;
  }
  return null;
}

/** An assetPath counts from CK-X's own working directory, so that its end is what leads from labs.json to the pack. */
function findAssets(folder: string, assetPath: string): string | null {
  const steps = assetPath.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) return null;
  for (let skipped = 0; skipped < steps.length; skipped++) {
    const root = join(folder, ...steps.slice(skipped));
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root;
  }
  return null;
}

function readOwnListing(packRoot: string): CkXListing | null {
  const file = join(packRoot, OWN_LISTING_FILE);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  const document = SourceDocument.read(OWN_LISTING_FILE, unixText(readFileSync(file)), new Problems());
  return document?.parse(CkXListing) ?? null;
}
