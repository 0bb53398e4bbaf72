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
  readonly desktop: string;
  readonly engine: string;
}

/** The same as variables, for whoever runs environments. */
export function imageVariables({ node, terminal, desktop, engine }: Images) {
  return { CKX_NODE_IMAGE: node, CKX_TERMINAL_IMAGE: terminal, CKX_DESKTOP_IMAGE: desktop, CKX_ENGINE_IMAGE: engine };
}

export interface ImageOptions {
  readonly log: Log;
  /** As in the variable DOCKER_HOST; the engine that is there where absent. */
  readonly dockerHost?: string;
}

const WANTED = ['node', 'terminal', 'desktop', 'engine'] as const satisfies readonly (keyof Images)[];

/** What an image is made from, in order, after the base of all. */
const NEEDED: Readonly<Record<keyof Images, readonly ImageName[]>> = {
  node: ['node-system', 'workloads', 'store', 'node'],
  terminal: ['terminal'],
  desktop: ['desktop'],
  engine: ['workloads', 'engine'],
};

/**
 * Returns the images, after building those that are missing. Safe to interrupt and to repeat; two at once build once.
 *
 * @throws CkxError `BASE_IMAGE_UNAVAILABLE`, `IMAGE_BUILD_FAILED`, `ENGINE_…`, or of a tool that cannot be had.
 */
export async function ensureImages({ log, dockerHost }: ImageOptions): Promise<Images> {
  const docker = connectDocker(dockerHost ?? (await requireEngine()));
  const recipes = await readRecipes(await resolveTools(log, IMAGE_TOOLS));
  const present = await Promise.all(WANTED.map((name) => isPresent(docker, recipes[name].tag)));
  if (present.includes(false)) {
    const work = () => buildMissing(docker, recipes, log);
    await withLock(cachePath('images', 'lock'), work, { onWait: (pid) => log(`waiting for process ${pid}, which is building images`) });
  }
  return { node: recipes.node.tag, terminal: recipes.terminal.tag, desktop: recipes.desktop.tag, engine: recipes.engine.tag };
}

/** All at once: one waits for the network while another unpacks. */
async function buildMissing(docker: Docker, recipes: ImageRecipes, log: Log): Promise<void> {
  const begun = new Map<ImageName, Promise<void>>();
  const make = async (name: ImageName) => {
    if (!(await isPresent(docker, recipes[name].tag)))
      await step(log, `image ${recipes[name].tag}`, () => build(docker, recipes[name], log));
  };
  // Two may be made from the same one.
  const ensure = (name: ImageName): Promise<void> => {
    const made = begun.get(name) ?? make(name);
    begun.set(name, made);
    return made;
  };
  const missing: (keyof Images)[] = [];
  for (const name of WANTED) if (!(await isPresent(docker, recipes[name].tag))) missing.push(name);
  if (missing.length === 0) return;
  await ensure('base');
  const chains = missing.map(async (wanted) => {
    for (const name of NEEDED[wanted]) await ensure(name);
  });
  // None is left building when another has failed.
  await Promise.allSettled(chains);
  await Promise.all(chains);
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
  const tools: Tool[] = [];
  for (const name of IMAGE_TOOLS) {
    const tool = await findTool(name);
    if (tool === null) return WANTED.map((image) => ({ name: image, tag: null, present: false }));
    tools.push(tool);
  }
  const recipes = await readRecipes(tools);
  return Promise.all(WANTED.map(async (name) => ({ name, tag: recipes[name].tag, present: await isPresent(docker, recipes[name].tag) })));
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
