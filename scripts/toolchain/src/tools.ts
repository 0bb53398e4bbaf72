/**
 * One resolver for every tool: the machine's own → our cache → the official download → a build from the module registry. Nothing
 * else in the code knows of it. What is fetched or built appears in the cache at once and whole, so that an interrupted run can be
 * repeated and two at once do not harm each other.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CkxError } from '@ckx/contracts';
import { download } from './download.ts';
import { onPath } from './packages.ts';
import { buildFolder, ensureGo, goBuild, hostPlatform } from './go.ts';
import { withLock } from './lock.ts';
import { cachePath } from './paths.ts';
import { run } from './processes.ts';
import { step, type Log } from './progress.ts';
import { TOOLS, type GoBuild, type Platform, type ToolName, type ToolSpec } from './tool-table.ts';

export type ToolOrigin = 'machine' | 'cache' | 'download' | 'build';

export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly origin: ToolOrigin;
  /** The tool's first program. */
  readonly path: string;
  /** Paths of all its programs by name. */
  readonly bins: Readonly<Record<string, string>>;
}

/** Finds a tool, fetches it or builds it. @throws CkxError with a remedy where none of these can be done */
export function resolveTool(name: ToolName, log: Log): Promise<Tool> {
  return resolveSpec(name, TOOLS[name], log);
}

/** All tools; those that are missing one after the other, because one build uses the whole machine. */
export async function resolveTools(log: Log, names: readonly ToolName[] = Object.keys(TOOLS).filter(isToolName)): Promise<Tool[]> {
  const tools: Tool[] = [];
  for (const name of names) tools.push(await resolveTool(name, log));
  return tools;
}

/** What is there already, or null. Fetches and builds nothing. */
export function findTool(name: ToolName): Promise<Tool | null> {
  return findSpec(name, TOOLS[name]);
}

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

/** {@link resolveTool} for an entry of one's own. */
export async function resolveSpec(name: string, spec: ToolSpec, log: Log): Promise<Tool> {
  const found = await findSpec(name, spec);
  if (found !== null) return found;
  return withLock(`${folderOf(name, spec)}.lock`, async () => (await findSpec(name, spec)) ?? obtain(name, spec, log), {
    onWait: (pid) => log(`waiting for process ${pid}, which is getting ${name}`),
  });
}

async function findSpec(name: string, spec: ToolSpec): Promise<Tool | null> {
  const own = spec.machine === undefined ? null : await onPath(spec.machine.program);
  if (own !== null && spec.machine !== undefined) {
    const { stdout } = await run(own, spec.machine.args).catch(() => ({ stdout: '' }));
    if (stdout.split(/[\s,v]+/).includes(spec.version)) return toolIn(name, spec, 'machine', own.slice(0, own.lastIndexOf('/')));
  }
  const folder = folderOf(name, spec);
  const present = await stat(folder).catch(() => null);
  return present === null ? null : toolIn(name, spec, 'cache', folder);
}

async function obtain(name: string, spec: ToolSpec, log: Log): Promise<Tool> {
  const folder = folderOf(name, spec);
  const temporary = `${folder}.new`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const platform = platformOf(spec);
  const origin = (await fetched(name, spec, platform, temporary, log)) ? 'download' : 'build';
  if (origin === 'build') {
    const go = await ensureGo(log);
    await step(log, `${name} ${spec.version} built from the module registry`, async () => {
      for (const build of spec.build) await goBuild(go, build, platform, temporary);
    });
  }
  if (spec.build.every(({ texts }) => texts === undefined)) for (const bin of spec.bins) await chmod(join(temporary, bin), 0o755);
  await rename(temporary, folder);
  return toolIn(name, spec, origin, folder);
}

/** A download that goes wrong is said, and answered by a build. */
async function fetched(name: string, spec: ToolSpec, platform: Platform, folder: string, log: Log): Promise<boolean> {
  if (spec.download === undefined) return false;
  const startedAt = Date.now();
  try {
    if (!(await download(spec.download(platform), spec.bins, folder))) return false;
    log(`${name} ${spec.version} downloaded: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    return true;
  } catch (error) {
    log(`${name} ${spec.version} could not be downloaded and will be built: ${error instanceof CkxError ? error.message : String(error)}`);
    return false;
  }
}

function toolIn(name: string, spec: ToolSpec, origin: ToolOrigin, folder: string): Tool {
  const bins = Object.fromEntries(spec.bins.map((bin) => [bin, join(folder, bin)]));
  return { name, version: spec.version, origin, path: join(folder, spec.bins[0] ?? name), bins };
}

/** Containers run Linux, whatever this machine runs. */
function platformOf(spec: ToolSpec): Platform {
  const host = hostPlatform();
  return spec.runsOn === 'image' ? { os: 'linux', arch: host.arch } : host;
}

function folderOf(name: string, spec: ToolSpec): string {
  const { os, arch } = platformOf(spec);
  return cachePath('tools', `${name}-${[spec.version, ...spec.build.flatMap(sourcesDigest)].join('-')}-${os}-${arch}`);
}

/** Of what is built here: a program of ours, a module that names what is built, a choice of texts; none for others. */
function sourcesDigest(build: GoBuild): string[] {
  const folder = buildFolder(build);
  const hash = createHash('sha256').update(build.texts === undefined ? '' : JSON.stringify(build.texts));
  if (folder === undefined) return build.texts === undefined ? [] : [hash.digest('hex').slice(0, 12)];
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/(?<!_test)\.go$|(^|\/)go\.(mod|sum)$/.test(file)) hash.update(JSON.stringify([file, readFileSync(join(folder, file), 'utf8')]));
  }
  return [hash.digest('hex').slice(0, 12)];
}
