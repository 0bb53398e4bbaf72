/** Go, and building programs with it from the module registry alone. */
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CkxError } from '@ckx/contracts';
import { z } from 'zod';
import { installPackages, onPath } from './packages.ts';
import { withLock } from './lock.ts';
import { cachePath } from './paths.ts';
import { run, runOrThrow } from './processes.ts';
import { step, type Log } from './progress.ts';
import { GO, type GoBuild, type Platform } from './tool-table.ts';

const MODULES = join(import.meta.dirname, '../go');
/** A module of Go toolchains, which every module registry serves; its versions end in the platform. */
const TOOLCHAIN = `golang.org/toolchain@v0.0.1-go${GO.version}`;

export interface Go {
  readonly version: string;
  readonly origin: 'machine' | 'cache' | 'build';
  readonly path: string;
}

/** The machine's Go or the cached one, or null. */
export async function findGo(): Promise<Go | null> {
  const own = await onPath('go');
  const version = own === null ? null : await goVersion(own);
  if (own !== null && version !== null && isAtLeast(version, GO.minimum)) return { version, origin: 'machine', path: own };
  const cached = join(goFolder(), 'bin/go');
  const cachedVersion = await goVersion(cached);
  return cachedVersion === null ? null : { version: cachedVersion, origin: 'cache', path: cached };
}

/** Finds Go or installs it: Debian's package, and where that is too old, the toolchain that it can fetch as a module. */
export async function ensureGo(log: Log): Promise<Go> {
  return (await findGo()) ?? withLock(`${goFolder()}.lock`, async () => (await findGo()) ?? installGo(log));
}

async function installGo(log: Log): Promise<Go> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || (await onPath('apt-get')) === null) {
    throw new CkxError('operational', 'GO_MISSING', `Go ${GO.minimum} or newer is needed to build tools, and is not on PATH.`, {
      remedy: 'Install Go from https://go.dev/dl or with the means of this system, and try again.',
    });
  }
  if ((await onPath('go')) === null) await installPackages(['golang-go'], log);
  const found = await findGo();
  if (found !== null) return found;
  return step(log, `Go ${GO.version} fetched`, () => fetchToolchain('go'));
}

const Downloaded = z.object({ Dir: z.string() });

/** Fetches the toolchain with an older Go. Modules carry no run bits, so they are set on the copy. */
async function fetchToolchain(olderGo: string): Promise<Go> {
  const { os, arch } = hostPlatform();
  const source = await moduleFolder(olderGo, `${TOOLCHAIN}.${os}-${arch}`, { os, arch });
  const temporary = `${goFolder()}.${process.pid}`;
  await mkdir(cachePath('tools'), { recursive: true });
  await rm(temporary, { recursive: true, force: true });
  await cp(source, temporary, { recursive: true });
  await runOrThrow('chmod', ['-R', 'u+w', temporary]);
  for (const folder of ['bin', `pkg/tool/${os}_${arch}`]) {
    for (const name of await readdir(join(temporary, folder))) await chmod(join(temporary, folder, name), 0o755);
  }
  await rename(temporary, goFolder());
  return { version: GO.version, origin: 'build', path: join(goFolder(), 'bin/go') };
}

/** Where a module of the registry, `module@version`, lies once it is fetched. */
async function moduleFolder(go: string, module: string, platform: Platform): Promise<string> {
  const json = await runOrThrow(go, ['mod', 'download', '-json', module], { cwd: '/', env: buildEnv(platform) });
  return Downloaded.parse(JSON.parse(json)).Dir;
}

/** Builds static programs into `folder`, or puts a module's texts there. */
export async function goBuild(go: Go, build: GoBuild, platform: Platform, folder: string): Promise<void> {
  const settings = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ['-trimpath', '-buildvcs=false', `-tags=${(build.tags ?? []).join(',')}`, '-ldflags', ['-s', '-w', ...settings].join(' ')];
  const env = buildEnv(platform);
  if (build.texts !== undefined) {
    const sources = await Promise.all(build.packages.map((name) => moduleFolder(go.path, name, platform)));
    const texts = await Promise.all(sources.flatMap((from) => (build.texts ?? []).map((text) => readFile(join(from, text), 'utf8'))));
    await writeFile(join(folder, build.name ?? 'texts'), texts.map((text) => `${text.trimEnd()}\n`).join('---\n'));
    return;
  }
  const module = buildFolder(build);
  if (module !== undefined) {
    const output = build.name === undefined ? `${folder}/` : join(folder, build.name);
    await runOrThrow(go.path, ['build', ...flags, '-o', output, ...build.packages], { cwd: module, env });
    return;
  }
  // `go install` refuses GOBIN for another platform, so it gets a GOPATH of its own, with the shared module cache.
  const moduleCache = (await runOrThrow(go.path, ['env', 'GOMODCACHE'])).trim();
  const goPath = join(folder, 'gopath');
  await runOrThrow(go.path, ['install', ...flags, ...build.packages], {
    cwd: folder,
    env: { ...env, GOPATH: goPath, GOMODCACHE: moduleCache, GOBIN: '' },
  });
  const host = hostPlatform();
  const crossed = host.os !== platform.os || host.arch !== platform.arch;
  const built = join(goPath, 'bin', crossed ? `${platform.os}_${platform.arch}` : '');
  for (const name of await readdir(built)) await rename(join(built, name), join(folder, build.name ?? name));
  await rm(goPath, { recursive: true, force: true });
}

/** Where a build's own files are; undefined where it is of a published module alone. */
export function buildFolder({ sources, module }: GoBuild): string | undefined {
  return sources === undefined ? module && join(MODULES, module) : sourceFolder(sources);
}

/** The folder of a program of ours. */
export function sourceFolder(sources: string): string {
  return join(import.meta.dirname, '../../..', sources);
}

/** This machine, as Go names platforms. */
export function hostPlatform(): Platform {
  return { os: process.platform, arch: process.arch === 'x64' ? 'amd64' : process.arch };
}

function goFolder(): string {
  return cachePath('tools', `go-${GO.version}`);
}

/** A Go older than a module asks for fetches the right one by itself (GOTOOLCHAIN). */
function buildEnv(platform: Platform): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'auto', GOFLAGS: '', GOOS: platform.os, GOARCH: platform.arch };
}

async function goVersion(go: string): Promise<string | null> {
  const result = await run(go, ['version'], { env: { ...process.env, GOTOOLCHAIN: 'local' } }).catch(() => null);
  return result?.stdout.match(/\bgo(\d+\.\d+(?:\.\d+)?)/)?.[1] ?? null;
}

function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}
