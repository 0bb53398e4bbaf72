/** How much a browser loads, from the build's manifest. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);
type Manifest = z.infer<typeof Manifest>;

/** Bytes as they are sent with brotli and with gzip, and as they are. */
export interface Weight {
  readonly files: number;
  readonly brotli: number;
  readonly gzip: number;
  readonly plain: number;
}

export interface Weights {
  readonly script: Weight;
  readonly style: Weight;
}

const ENTRY = 'index.html';

/** @returns weight of a first visit, and what each further page adds to it when it is opened. */
export async function webWeights(webDir: string): Promise<{ readonly first: Weights; readonly pages: ReadonlyMap<string, Weights> }> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(webDir, '.vite/manifest.json'), 'utf8')));
  const first = reach(manifest, ENTRY);
  const pages = new Map<string, Weights>();
  for (const key of Object.keys(manifest).filter((name) => /^src\/(pages|dashboard|admin|review|session|room)\//.test(name))) {
    const more = [...reach(manifest, key)].filter((one) => !first.has(one));
    pages.set(key, await weigh(webDir, manifest, more));
  }
  return { first: await weigh(webDir, manifest, [...first]), pages };
}

/** What is loaded at once with a part: its static imports. */
function reach(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const other of manifest[key]?.imports ?? []) reach(manifest, other, seen);
  return seen;
}

async function weigh(webDir: string, manifest: Manifest, keys: readonly string[]): Promise<Weights> {
  const chunks = keys.flatMap((key) => manifest[key] ?? []);
  const style = [...new Set(chunks.flatMap(({ css }) => css))];
  const script = chunks.map(({ file }) => file).filter((file) => file.endsWith('.js'));
  return { script: await sum(webDir, script), style: await sum(webDir, style) };
}

async function sum(webDir: string, files: readonly string[]): Promise<Weight> {
  const size = async (file: string, ending: string) => {
    const compressed = await stat(join(webDir, file + ending)).catch(() => null);
    return (compressed ?? (await stat(join(webDir, file)))).size;
  };
  const total = async (ending: string) => (await Promise.all(files.map((file) => size(file, ending)))).reduce((a, b) => a + b, 0);
  const [brotli, gzip, plain] = await Promise.all([total('.br'), total('.gz'), total('')]);
  return { files: files.length, brotli, gzip, plain };
}
