/** The container images of an environment: there already, or built now. */
import { CkxError } from '@ckx/contracts';
import type Docker from 'dockerode';
import { connectDocker, findEngine } from './engine.ts';
import { buildBase } from './images-base.ts';
import { buildImage, buildStore, ignoreAbsent, IMAGE_LABEL, isAbsent } from './images-build.ts';
import { IMAGE_NAMES, IMAGE_TOOLS, readRecipes, type ImageName, type ImageRecipe, type ImageRecipes } from './images-recipe.ts';
import { withLock } from './lock.ts';
import { cachePath } from './paths.ts';
import { step, type Log } from './progress.ts';
import { findTool, resolveTools, type Tool } from './tools.ts';

/** Tags of the images that environments run. */
export interface Images {
  readonly node: string;
  readonly terminal: string;
}

export interface ImageOptions {
  readonly log: Log;
  /** As in the variable DOCKER_HOST; the engine that is there where absent. */
  readonly dockerHost?: string;
}

/** What an image is made from, in order, where Docker is not told so by itself. */
const NEEDED: Readonly<Record<keyof Images, readonly ImageName[]>> = {
  node: ['base', 'node-system', 'workloads', 'store', 'node'],
  terminal: ['base', 'terminal'],
};

/**
 * Returns the images, after building those that are missing. Safe to interrupt and to repeat; two at once build once.
 *
 * @throws CkxError `BASE_IMAGE_UNAVAILABLE`, `IMAGE_BUILD_FAILED`, `ENGINE_…`, or of a tool that cannot be had.
 */
export async function ensureImages({ log, dockerHost }: ImageOptions): Promise<Images> {
  const docker = connectDocker(dockerHost ?? (await requireEngine()));
  const recipes = await readRecipes(await resolveTools(log, IMAGE_TOOLS));
  await ensure(docker, recipes, 'node', log);
  await ensure(docker, recipes, 'terminal', log);
  return { node: recipes.node.tag, terminal: recipes.terminal.tag };
}

async function ensure(docker: Docker, recipes: ImageRecipes, wanted: keyof Images, log: Log): Promise<void> {
  if (await isPresent(docker, recipes[wanted].tag)) return;
  const work = async () => {
    if (await isPresent(docker, recipes[wanted].tag)) return;
    for (const name of NEEDED[wanted]) {
      if (!(await isPresent(docker, recipes[name].tag)))
        await step(log, `image ${recipes[name].tag}`, () => build(docker, recipes[name], log));
    }
  };
  await withLock(cachePath('images', 'lock'), work, { onWait: (pid) => log(`waiting for process ${pid}, which is building images`) });
}

function build(docker: Docker, recipe: ImageRecipe, log: Log): Promise<void> {
  if (recipe.name === 'base') return buildBase(docker, recipe.tag, log);
  return recipe.name === 'store' ? buildStore(docker, recipe) : buildImage(docker, recipe);
}

export interface ImageStatus {
  readonly name: keyof Images;
  /** null while a tool that it is made from is missing. */
  readonly tag: string | null;
  readonly present: boolean;
}

/** Which images are there; builds and fetches nothing. */
export async function imageStatus(docker: Docker): Promise<ImageStatus[]> {
  const names = ['node', 'terminal'] as const;
  const tools: Tool[] = [];
  for (const name of IMAGE_TOOLS) {
    const tool = await findTool(name);
    if (tool === null) return names.map((image) => ({ name: image, tag: null, present: false }));
    tools.push(tool);
  }
  const recipes = await readRecipes(tools);
  return Promise.all(names.map(async (name) => ({ name, tag: recipes[name].tag, present: await isPresent(docker, recipes[name].tag) })));
}

/**
 * Removes images of ours that are not what the sources say now. Those that a container uses stay.
 *
 * @returns tags that were removed.
 */
export async function pruneImages({ log, dockerHost }: ImageOptions): Promise<string[]> {
  const docker = connectDocker(dockerHost ?? (await requireEngine()));
  const recipes = await readRecipes(await resolveTools(log, IMAGE_TOOLS));
  const current = new Set(IMAGE_NAMES.map((name) => recipes[name].tag));
  return withLock(cachePath('images', 'lock'), async () => {
    const found = await docker.listImages({ filters: { label: [IMAGE_LABEL] } });
    const used = new Set((await docker.listContainers({ all: true })).map((container) => container.ImageID));
    const removed: string[] = [];
    for (const image of found.filter(({ Id }) => !used.has(Id))) {
      for (const tag of (image.RepoTags ?? []).filter((name) => name.startsWith('ckx/') && !current.has(name))) {
        await docker.getImage(tag).remove().catch(ignoreAbsent);
        removed.push(tag);
      }
    }
    return removed;
  });
}

async function isPresent(docker: Docker, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function requireEngine(): Promise<string> {
  const dockerHost = await findEngine();
  if (dockerHost !== null) return dockerHost;
  throw new CkxError('user', 'ENGINE_MISSING', 'No Docker engine runs.', { remedy: 'Run npm start, or start Docker.' });
}
