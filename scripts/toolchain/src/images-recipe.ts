/**
 * What our images are made from, and the digest of it that is their tag: nothing is rebuilt without need, nothing stale is used.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDigests, type Digests } from './images-digests.ts';
import type { ToolName } from './tool-table.ts';
import type { Tool } from './tools.ts';

const IMAGES = fileURLToPath(new URL('../../../images/', import.meta.url));
const DIGEST_LENGTH = 12;

/** Every image of ours, each made from those before it. `node`, `terminal`, `desktop` and `engine` are what environments run. */
export const IMAGE_NAMES = ['base', 'node-system', 'workloads', 'store', 'node', 'terminal', 'desktop', 'engine'] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];

/** Tools whose programs, or texts, go into images. */
export const IMAGE_TOOLS = [
  'kubernetes',
  'etcd',
  'coredns',
  'local-path-provisioner',
  'metrics-server',
  'helm',
  'yq',
  'netpol',
  'crictl',
  'ingress',
  'gateway-api',
  'compose',
] as const satisfies readonly ToolName[];

interface Ingredients {
  /** Build argument → the image it names. */
  readonly from: Readonly<Record<string, ImageName>>;
  /** Folder of the build context → programs that are put there. */
  readonly programs: Readonly<Record<string, readonly string[]>>;
}

const INGREDIENTS: Readonly<Record<Exclude<ImageName, 'base'>, Ingredients>> = {
  'node-system': { from: { BASE: 'base' }, programs: { '': ['kubeadm', 'kubectl', 'etcdctl', 'etcdutl'] } },
  workloads: {
    from: { BASE: 'base' },
    programs: {
      binaries: ['kube-components', 'etcd', 'etcdctl', 'etcdutl', 'coredns', 'local-path-provisioner', 'metrics-server', 'ckx-ingress'],
    },
  },
  store: { from: { SYSTEM: 'node-system', WORKLOADS: 'workloads' }, programs: {} },
  node: { from: { STORE: 'store' }, programs: { '': ['ckx-netpol', 'crictl', 'gateway-api.yaml'] } },
  terminal: { from: { BASE: 'base' }, programs: { '': ['kubectl', 'helm', 'yq', 'docker-compose'] } },
  desktop: { from: { BASE: 'base' }, programs: {} },
  engine: { from: { BASE: 'base', WORKLOADS: 'workloads' }, programs: {} },
};

/** The base image's recipe: raise `edition` for a newer state of Debian. */
export const BASE_RECIPE = { image: 'debian:bookworm-slim', suite: 'bookworm', edition: 1 } as const;

/** A file of a build context. */
export interface ContextFile {
  /** In the context, with `/`. */
  readonly path: string;
  readonly source: string;
  readonly executable: boolean;
  readonly sizeBytes: number;
  /** sha256, hexadecimal. */
  readonly digest: string;
}

/** All that is needed to build one image. */
export interface ImageRecipe {
  readonly name: ImageName;
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly files: readonly ContextFile[];
}

export type ImageRecipes = Readonly<Record<ImageName, ImageRecipe>>;

/** @param tools as resolved, {@link IMAGE_TOOLS} at least. */
export async function readRecipes(tools: readonly Tool[]): Promise<ImageRecipes> {
  const programs = new Map(tools.flatMap((tool) => Object.entries(tool.bins)));
  const digests = await openDigests();
  const read = async (name: Exclude<ImageName, 'base'>, known: Partial<Record<ImageName, ImageRecipe>>): Promise<ImageRecipe> => {
    const { from, programs: wanted } = INGREDIENTS[name];
    const buildArgs = Object.fromEntries(Object.entries(from).map(([argument, image]) => [argument, known[image]?.tag ?? '']));
    const files = await contextFiles(join(IMAGES, name), '', digests);
    for (const [folder, names] of Object.entries(wanted)) {
      for (const program of names) {
        const source = programs.get(program);
        if (source === undefined) throw new Error(`No tool brings ${program}, which image ${name} needs.`);
        const { mode, size } = await stat(source);
        files.push({
          path: join(folder, program),
          source,
          executable: (mode & 0o100) !== 0,
          sizeBytes: size,
          digest: await digests.of(source),
        });
      }
    }
    return { name, tag: tagOf(name, { buildArgs, files }), buildArgs, files };
  };

  const base: ImageRecipe = { name: 'base', tag: tagOf('base', { buildArgs: {}, files: [] }), buildArgs: {}, files: [] };
  const system = await read('node-system', { base });
  const workloads = await read('workloads', { base });
  const store = await read('store', { 'node-system': system, workloads });
  const node = await read('node', { store });
  const terminal = await read('terminal', { base });
  const desktop = await read('desktop', { base });
  const engine = await read('engine', { base, workloads });
  await digests.keep();
  return { base, 'node-system': system, workloads, store, node, terminal, desktop, engine };
}

function tagOf(name: ImageName, { buildArgs, files }: Pick<ImageRecipe, 'buildArgs' | 'files'>): string {
  const parts = files.map(({ path, executable, digest }) => [path, executable, digest]);
  const made = JSON.stringify([name, name === 'base' ? BASE_RECIPE : null, buildArgs, parts.sort()]);
  return `ckx/${name}:${createHash('sha256').update(made).digest('hex').slice(0, DIGEST_LENGTH)}`;
}

/** What is in an image's folder for people, tests and the provider makes no difference to the image. */
function belongsToImage(name: string): boolean {
  return !['README.md', 'container.json', 'seccomp.json'].includes(name) && !name.endsWith('.test.ts');
}

async function contextFiles(folder: string, prefix: string, digests: Digests): Promise<ContextFile[]> {
  const files: ContextFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const source = join(folder, entry.name);
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) files.push(...(await contextFiles(source, path, digests)));
    else if (belongsToImage(basename(source))) {
      const { mode, size } = await stat(source);
      files.push({ path, source, executable: (mode & 0o100) !== 0, sizeBytes: size, digest: await digests.of(source) });
    }
  }
  return files;
}

/** The text of a file in `images/`. */
export function readImageFile(...path: readonly string[]): Promise<string> {
  return readFile(join(IMAGES, ...path), 'utf8');
}
