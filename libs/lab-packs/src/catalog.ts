import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { LabId } from '@ckx/contracts';
import { ASSESSMENT_FILE, CONFIG_FILE } from './ck-x-format.ts';
import { LAB_FILE } from './ckx-format.ts';
import { LABS_FILE, readListing } from './listing.ts';
import { isFolder, readPack, type PackReading } from './load.ts';
import type { LabPack, PackProblem } from './pack.ts';
import { Problems } from './problems.ts';

/** A fault, and the folder (absolute path) that its place counts from. */
export interface CatalogProblem extends PackProblem {
  readonly root: string;
}

/** The labs that an installation offers. A pack that cannot be used is left out and reported; it never harms the others. */
export interface Catalog {
  /** Sorted by id. */
  list(): readonly LabPack[];
  get(labId: LabId): LabPack | undefined;
  /** Every fault found, also of packs that are usable. */
  problems(): readonly CatalogProblem[];
  /** Reads all folders again. */
  reload(): void;
}

/**
 * Reads lab packs from folders: a folder is a pack itself, holds packs, or holds CK-X's `labs.json`. Where two packs have one id the
 * first counts.
 */
export function createCatalog(folders: readonly string[]): Catalog {
  let packs: ReadonlyMap<LabId, LabPack>;
  let problems: readonly CatalogProblem[];

  const reload = (): void => {
    const readings = folders.flatMap((folder) => readFolder(resolve(folder)));
    const found = new Map<LabId, LabPack>();
    const faults = readings.flatMap(({ root, problems }) => problems.map((problem) => ({ ...problem, root })));
    for (const { pack, root } of readings) {
      if (!pack) continue;
      const first = found.get(pack.summary.id);
      if (!first) found.set(pack.summary.id, pack);
      else if (first.root !== pack.root) {
        faults.push({ root, level: 'error', place: '.', message: `The lab “${pack.summary.id}” is already defined in ${first.root}.` });
      }
    }
    packs = new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
    problems = faults;
  };
  packs = new Map();
  problems = [];
  reload();
  return {
    list: () => [...packs.values()],
    get: (labId) => packs.get(labId),
    problems: () => problems,
    reload,
  };
}

function readFolder(folder: string): readonly PackReading[] {
  if (!isFolder(folder)) return [readPack(folder)];
  if (isPack(folder)) return [readPack(folder)];
  if (hasFile(folder, LABS_FILE)) {
    const problems = new Problems();
    const listed = readListing(folder, problems);
    return [{ root: folder, pack: null, problems: problems.found }, ...listed.map(({ root, listing }) => readPack(root, listing))];
  }
  const inside = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => isFolder(path) && !basename(path).startsWith('.'));
  return inside.map((path) => readPack(path));
}

function isPack(folder: string): boolean {
  return [LAB_FILE, ASSESSMENT_FILE, CONFIG_FILE].some((file) => hasFile(folder, file));
}

function hasFile(folder: string, file: string): boolean {
  return statSync(join(folder, file), { throwIfNoEntry: false })?.isFile() ?? false;
}
