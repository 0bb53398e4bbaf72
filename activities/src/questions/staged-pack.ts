/** A session's own copy of its lab pack, on its host: what was pinned at its start, whatever becomes of the pack meanwhile. */
import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CkxError, isCkxError, type EnvironmentSpec, type LabId, type PackDigest, type QuestionId } from '@ckx/contracts';
import { assetsFolder } from '@ckx/execution-environment';
import {
  CHECK_FUNCTIONS_FOLDER,
  loadPack,
  stageCheckFunctions,
  stagePack,
  withUnpacked,
  type Catalog,
  type LabPack,
  type PackQuestion,
} from '@ckx/lab-packs';

export interface PackDependencies {
  readonly catalog: Catalog;
  /** Folder on this host for exam-assets-<id>. */
  readonly workDir: string;
  /** Where packs come from that this host does not have; null where the control plane has none of this digest either. */
  readonly fetchPack: (digest: PackDigest) => Promise<Uint8Array | null>;
}

export interface PackRequest {
  readonly spec: EnvironmentSpec;
  readonly labId: LabId;
  readonly digest: PackDigest;
}

/** Where scripts of a pack are in a toolbox. */
export const ASSETS_IN_TOOLBOX = '/tmp/exam-assets';

/** What scripts of a pack find in their environment: the folder of the functions for checks, a file for each version. */
export const PACK_ENVIRONMENT = { CKX_CHECKS: `${ASSETS_IN_TOOLBOX}/${CHECK_FUNCTIONS_FOLDER}` } as const;

function stagedFolder({ workDir }: PackDependencies, { spec, digest }: PackRequest): string {
  return join(assetsFolder(workDir, spec.examSessionId), digest.replace('sha256:', ''));
}

/** The pack of exactly this digest as this host's folders have it, read again where it has changed since the worker's start. */
function pinned({ catalog }: PackDependencies, { labId, digest }: PackRequest): LabPack | undefined {
  const isPinned = (pack: LabPack | undefined) => (pack?.digest === digest ? pack : undefined);
  const known = isPinned(catalog.get(labId));
  if (known !== undefined) return known;
  catalog.reload();
  return isPinned(catalog.get(labId));
}

/**
 * Copies the pack for the session, from this host's folders or else from the control plane; a copy that is there already is kept.
 *
 * @returns folder of the copy.
 * @throws CkxError `LAB_PACK_CHANGED` (user) where neither has a pack with the digest.
 */
export async function stageFor(dependencies: PackDependencies, request: PackRequest): Promise<string> {
  const folder = stagedFolder(dependencies, request);
  if (!(await exists(folder)) && !(await stageOwn(dependencies, request, folder))) {
    await withFetched(dependencies, request, (fetched) => stage(fetched, folder));
  }
  // Also beside a copy that a worker without them made: sessions outlive a change of workers.
  await stageCheckFunctions(folder);
  return folder;
}

/** @returns whether this host's folders have the pack. Where somebody changed it since it was read, they have it no more, however often one asks. */
async function stageOwn(dependencies: PackDependencies, request: PackRequest, folder: string): Promise<boolean> {
  const pack = pinned(dependencies, request);
  if (pack === undefined) return false;
  try {
    await stage(pack, folder);
    return true;
  } catch (error) {
    if (!isCkxError(error) || error.code !== 'LAB_PACK_CHANGED') throw error;
    dependencies.catalog.reload();
    return false;
  }
}

async function stage(pack: LabPack, folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  try {
    await stagePack(pack, draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another call for the same session was quicker.
    if (!(await exists(folder))) throw error;
  }
}

/** What was fetched is believed only once its digest is the one that the session pinned. */
async function withFetched(
  { fetchPack }: PackDependencies,
  { labId, digest }: PackRequest,
  use: (pack: LabPack) => Promise<void>,
): Promise<void> {
  const archive = await fetchPack(digest);
  if (archive === null) {
    throw new CkxError('user', 'LAB_PACK_CHANGED', `The lab ${labId} is nowhere to be had as it was when the session was created.`, {
      remedy: 'Put that version of the lab pack back, or start a new session.',
      details: { labId, digest },
    });
  }
  await withUnpacked(archive, async (unpacked) => {
    const pack = loadPack(unpacked);
    if (pack.digest !== digest) {
      throw new CkxError('operational', 'LAB_PACK_DAMAGED', `What came as the pack ${digest} of the lab ${labId} is ${pack.digest}.`);
    }
    await use(pack);
  });
}

/** A question of the pinned pack: from the catalogue, or from the session's copy where the catalogue has moved on. */
export async function questionOf(dependencies: PackDependencies, request: PackRequest & { questionId: QuestionId }): Promise<PackQuestion> {
  const { catalog } = dependencies;
  const current = catalog.get(request.labId);
  const pack = current?.digest === request.digest ? current : loadPack(await stageFor(dependencies, request));
  const question = pack.questions.find(({ view }) => view.id === request.questionId);
  if (question === undefined) {
    throw new CkxError('bug', 'QUESTION_UNKNOWN', `The lab ${request.labId} has no question ${request.questionId}.`);
  }
  return question;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
