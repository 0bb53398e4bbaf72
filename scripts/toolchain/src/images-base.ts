/** The base image: Debian from a registry where one answers, else from the machine's package mirror. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CkxError } from '@ckx/contracts';
import type Docker from 'dockerode';
import { onPath } from './packages.ts';
import { followBuild, IMAGE_LABEL, splitTag } from './images-build.ts';
import { BASE_RECIPE } from './images-recipe.ts';
import { hasCode } from './lock.ts';
import { cachePath } from './paths.ts';
import { runOrThrow } from './processes.ts';
import { step, type Log } from './progress.ts';

/** How long a registry may take to say a first word. */
const REGISTRY_TIMEOUT_MS = 20_000;
/** Left out of the base: caches, and what small images do without. */
const EXCLUDED = ['./dev/*', './proc/*', './sys/*', './tmp/*', './run/*', './var/lib/apt/lists/*', './var/cache/*', './var/log/*'].concat(
  ['doc', 'man', 'info', 'locale'].map((folder) => `./usr/share/${folder}/*`),
);

/** @throws CkxError `BASE_IMAGE_UNAVAILABLE` where neither way is open. */
export async function buildBase(docker: Docker, tag: string, log: Log): Promise<void> {
  const refused = await pull(docker, tag, log);
  if (refused === null) return;
  log(`no registry answers (${refused}); Debian comes from the package mirror`);
  const archive = await bootstrapped(log);
  const stream = await docker.importImage(archive, { ...splitTag(tag), changes: `LABEL ${IMAGE_LABEL}=base` });
  await followBuild(stream, 'image base');
}

/** @returns null when done, else why not. */
async function pull(docker: Docker, tag: string, log: Log): Promise<string | null> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), REGISTRY_TIMEOUT_MS);
  try {
    const stream = await docker.pull(BASE_RECIPE.image, { abortSignal: waiting.signal });
    clearTimeout(timer);
    await step(log, `${BASE_RECIPE.image} from a registry`, () => followBuild(stream, 'image base'));
    await docker.getImage(BASE_RECIPE.image).tag(splitTag(tag));
    return null;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).trim();
  } finally {
    clearTimeout(timer);
  }
}

/** A root file system of Debian as an archive, made once and kept in the cache. */
async function bootstrapped(log: Log): Promise<string> {
  const archive = cachePath('images', `debian-${BASE_RECIPE.suite}-${BASE_RECIPE.edition}.tar`);
  if (await isFile(archive)) return archive;
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new CkxError(
      'user',
      'BASE_IMAGE_UNAVAILABLE',
      `The image ${BASE_RECIPE.image} cannot be pulled, and only root on Linux can build it.`,
      {
        remedy: `Run docker pull ${BASE_RECIPE.image} on a machine with access to a registry, or run the command again as root.`,
      },
    );
  }
  const program = await debootstrap(log);
  await mkdir(cachePath('images'), { recursive: true });
  const root = await mkdtemp(join(tmpdir(), 'ckx-debian-'));
  try {
    await step(log, 'Debian from the package mirror', async () => {
      const sources = await readSources('/etc/apt');
      const mirror = mirrorFor(sources);
      await runOrThrow(program, ['--variant=minbase', BASE_RECIPE.suite, root, ...(mirror === undefined ? [] : [mirror])]);
      const lines = sourceLines(sources);
      if (lines !== '') await writeFile(join(root, 'etc/apt/sources.list'), lines);
      const excluded = EXCLUDED.map((path) => `--exclude=${path}`);
      await runOrThrow('tar', ['-C', root, '--one-file-system', ...excluded, '-cf', `${archive}.new`, '.']);
      await rename(`${archive}.new`, archive);
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return archive;
}

async function debootstrap(log: Log): Promise<string> {
  const found = await onPath('debootstrap');
  if (found !== null) return found;
  const installer = await onPath('apt-get');
  if (installer === null) {
    throw new CkxError('user', 'BASE_IMAGE_UNAVAILABLE', 'The base image cannot be pulled, and debootstrap to build it is not installed.', {
      remedy: 'Install the package debootstrap.',
    });
  }
  await step(log, 'debootstrap installed', async () => {
    await runOrThrow(installer, ['update', '-qq']);
    await runOrThrow(installer, ['install', '-y', '-qq', '--no-install-recommends', 'debootstrap']);
  });
  return (await onPath('debootstrap')) ?? 'debootstrap';
}

/** One source of packages: an address, and a distribution there. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
}

/** The machine's own sources of Debian packages, of both formats (sources.list(5)); what is not readable as one is left out. */
export async function readSources(folder: string): Promise<AptSource[]> {
  const parts = await readdir(join(folder, 'sources.list.d')).catch(() => []);
  const paths = ['sources.list', ...parts.sort().map((name) => join('sources.list.d', name))];
  const sources: AptSource[] = [];
  for (const path of paths) {
    const text = await readFile(join(folder, path), 'utf8').catch(absentIsEmpty);
    if (path.endsWith('.list')) sources.push(...oneLineSources(text));
    else if (path.endsWith('.sources')) sources.push(...stanzaSources(text));
  }
  return sources;
}

function oneLineSources(text: string): AptSource[] {
  return [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].flatMap(([, uri, suite]) => (uri && suite ? [{ uri, suite }] : []));
}

function stanzaSources(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (!field('Types').includes('deb') || field('Enabled')[0]?.toLowerCase() === 'no') return [];
    return field('URIs').flatMap((uri) => field('Suites').map((suite) => ({ uri, suite })));
  });
}

/** Where the suite itself is: the mirror that names it, else none, and debootstrap knows one. */
export function mirrorFor(sources: readonly AptSource[]): string | undefined {
  return sources.find(({ suite }) => suite === BASE_RECIPE.suite)?.uri;
}

/** The same sources for the image, its updates and security fixes among them. */
export function sourceLines(sources: readonly AptSource[]): string {
  const suites: readonly string[] = ['', '-updates', '-security'].map((ending) => `${BASE_RECIPE.suite}${ending}`);
  return sources.flatMap(({ uri, suite }) => (suites.includes(suite) ? [`deb ${uri} ${suite} main\n`] : [])).join('');
}

function absentIsEmpty(error: unknown): string {
  if (hasCode(error, 'ENOENT')) return '';
  throw error;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
