/** A session's own copy of its lab pack, on its host: what was pinned at its start, whatever becomes of the pack meanwhile. */
import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CkxError, type EnvironmentSpec, type LabId, type PackDigest, type QuestionId } from '@ckx/contracts';
import { assetsFolder } from '@ckx/execution-environment';
import { loadPack, stagePack, type Catalog, type LabPack, type PackQuestion } from '@ckx/lab-packs';

export interface PackDependencies {
  readonly catalog: Catalog;
  /** Folder on this host for exam-assets-<id>. */
  readonly workDir: string;
}

export interface PackRequest {
  readonly spec: EnvironmentSpec;
  readonly labId: LabId;
  readonly digest: PackDigest;
}

/** Where scripts of a pack are in a toolbox. */
export const ASSETS_IN_TOOLBOX = '/tmp/exam-assets';

function stagedFolder({ workDir }: PackDependencies, { spec, digest }: PackRequest): string {
  return join(assetsFolder(workDir, spec.examSessionId), digest.replace('sha256:', ''));
}

/** The pack of exactly this digest as this host has it, read again where it has changed since the worker's start. */
function pinned({ catalog }: PackDependencies, { labId, digest }: PackRequest): LabPack | undefined {
  const isPinned = (pack: LabPack | undefined) => (pack?.digest === digest ? pack : undefined);
  const known = isPinned(catalog.get(labId));
  if (known !== undefined) return known;
  catalog.reload();
  return isPinned(catalog.get(labId));
}

/**
 * Copies the pack for the session; one that is there already is kept.
 *
 * @returns folder of the copy.
 * @throws CkxError `LAB_PACK_CHANGED` (user) where this host has no pack with the digest.
 */
export async function stageFor(dependencies: PackDependencies, request: PackRequest): Promise<string> {
  const folder = stagedFolder(dependencies, request);
  if (await exists(folder)) return folder;
  const pack = pinned(dependencies, request);
  if (pack === undefined) {
    throw new CkxError(
      'user',
      'LAB_PACK_CHANGED',
      `This host does not have the lab ${request.labId} as it was when the session was created.`,
      {
        remedy: 'Put the same version of the lab packs on every host, then start a new session.',
        details: { labId: request.labId, digest: request.digest },
      },
    );
  }
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
  return folder;
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
