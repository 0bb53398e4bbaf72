/** What this machine has of everything CKX needs, and what to do about the rest. Looks only: fetches, builds and starts nothing. */
import { availableParallelism, totalmem } from 'node:os';
import { access, readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isCkxError } from '@ckx/contracts';
import { firewallGaps, isOnThisMachine, KERNEL_SETTINGS, readKernelSetting } from '@ckx/host-walls';
import { connectDocker, engineOrigin, findEngine, readEngineFacts } from './engine.ts';
import { onPath } from './packages.ts';
import { findGo } from './go.ts';
import { imageStatus } from './images.ts';
import { cachePath } from './paths.ts';
import { loadPostgresBinaries } from './postgres.ts';
import { GO, TOOLS, type ToolSpec } from './tool-table.ts';
import { findTool, isToolName } from './tools.ts';

export interface Diagnosis {
  readonly part: string;
  readonly version: string | null;
  /** machine, cache, npm, ours, or null where it is not there. */
  readonly origin: string | null;
  /** `missing` is got by `npm start`; `thin` works with less protection or room; `wrong` needs a hand. */
  readonly state: 'ok' | 'missing' | 'thin' | 'wrong';
  readonly remedy?: string;
}

const NODE_MAJOR = 24;
const MIB = 2 ** 20;
/** One session and what runs beside it. */
const MEMORY_MINIMUM_BYTES = 4096 * MIB;
/** Tools, their build cache and images. */
const DISK_MINIMUM_BYTES = 15 * 1024 * MIB;
const GOT_AT_START = 'Got by npm start.';

export async function diagnose(): Promise<Diagnosis[]> {
  const groups = await Promise.all([diagnosePostgres(), diagnoseTools(), diagnoseEngine(), diagnoseMachine()]);
  return [...diagnoseNode(), ...groups.flat()];
}

function diagnoseNode(): Diagnosis[] {
  const version = process.versions.node;
  const origin = process.execPath.includes('node_modules') ? 'npm' : 'machine';
  if (Number(version.split('.')[0]) >= NODE_MAJOR) return [{ part: 'node', version, origin, state: 'ok' }];
  return [{ part: 'node', version, origin, state: 'wrong', remedy: `Run npm ci: it brings Node ${NODE_MAJOR}.` }];
}

async function diagnosePostgres(): Promise<Diagnosis[]> {
  if (process.env['DATABASE_URL']) return [{ part: 'postgres', version: null, origin: 'DATABASE_URL', state: 'ok' }];
  try {
    const { version } = await loadPostgresBinaries();
    return [{ part: 'postgres', version, origin: 'npm', state: 'ok' }];
  } catch (error) {
    return [{ part: 'postgres', version: null, origin: null, state: 'missing', remedy: remedyOf(error) }];
  }
}

async function diagnoseTools(): Promise<Diagnosis[]> {
  const rows: Diagnosis[] = [];
  for (const name of Object.keys(TOOLS).filter(isToolName)) {
    const tool = await findTool(name);
    if (tool !== null) rows.push({ part: name, version: tool.version, origin: tool.origin, state: 'ok' });
    else {
      const { version, neededBy }: ToolSpec = TOOLS[name];
      rows.push({ part: name, version, origin: null, state: 'missing', remedy: neededBy ? `Got by ${neededBy}.` : GOT_AT_START });
    }
  }
  const go = await findGo();
  const buildNeeded = rows.some(({ state }) => state === 'missing');
  if (go !== null) rows.push({ part: 'go', version: go.version, origin: go.origin, state: 'ok' });
  else if (buildNeeded) {
    const remedy = process.getuid?.() === 0 && (await onPath('apt-get')) !== null ? GOT_AT_START : `Install Go ${GO.minimum} or newer.`;
    rows.push({ part: 'go', version: GO.version, origin: null, state: 'missing', remedy });
  }
  return rows;
}

async function diagnoseEngine(): Promise<Diagnosis[]> {
  const canStart = process.platform === 'linux' && process.getuid?.() === 0;
  let dockerHost: string | null;
  try {
    dockerHost = await findEngine();
  } catch (error) {
    return [{ part: 'docker engine', version: null, origin: null, state: 'wrong', remedy: remedyOf(error) }];
  }
  if (dockerHost === null) {
    const remedy = canStart ? 'Started by npm start.' : 'Start Docker, or point DOCKER_HOST at an engine.';
    return [{ part: 'docker engine', version: null, origin: null, state: canStart ? 'missing' : 'wrong', remedy }];
  }
  const [facts, origin] = await Promise.all([readEngineFacts(dockerHost), engineOrigin()]);
  const wall = (part: string, has: boolean, remedy: string): Diagnosis =>
    has ? { part, version: null, origin, state: 'ok' } : { part, version: null, origin, state: 'thin', remedy };
  return [
    { part: 'docker engine', version: facts.version, origin, state: 'ok' },
    wall(
      'engine: user namespaces',
      facts.userNamespaces,
      'Root in a node is root on this host: set "userns-remap": "default" in /etc/docker/daemon.json before strangers sit exams here.',
    ),
    wall('engine: live restore', facts.liveRestore, 'Sessions end with the engine: set "live-restore": true in /etc/docker/daemon.json.'),
    await diagnoseFirewall(dockerHost),
    ...(await imageStatus(connectDocker(dockerHost))).map(({ name, tag, present }): Diagnosis =>
      present
        ? { part: `image ${name}`, version: tag, origin: 'cache', state: 'ok' }
        : { part: `image ${name}`, version: tag, origin: null, state: 'missing', remedy: GOT_AT_START },
    ),
    { part: 'engine: cgroups', version: `v${facts.cgroupVersion}`, origin, state: 'ok' },
  ];
}

async function diagnoseFirewall(dockerHost: string): Promise<Diagnosis> {
  const row = { part: 'firewall', version: null };
  if (!isOnThisMachine(dockerHost)) {
    const remedy = 'The engine is on another machine: run ckx doctor there, before strangers sit exams on it.';
    return { ...row, origin: null, state: 'thin', remedy };
  }
  const gaps = await firewallGaps();
  if (gaps.length === 0) return { ...row, origin: 'machine', state: 'ok' };
  const remedy = `${gaps.join(' ')} As root, npm start sets the rules; by hand: docs/operations/walls.md.`;
  return { ...row, origin: null, state: 'thin', remedy };
}

async function diagnoseMachine(): Promise<Diagnosis[]> {
  const rows: Diagnosis[] = [];
  for (const { key, minimum, why } of KERNEL_SETTINGS) {
    const value = await readKernelSetting(key);
    if (value === null) continue;
    const enough = value >= minimum;
    rows.push({
      part: key,
      version: String(value),
      origin: 'machine',
      state: enough ? 'ok' : 'thin',
      ...(enough ? {} : { remedy: `sysctl -w ${key}=${minimum}, because ${why}. As root, npm start does it.` }),
    });
  }
  const memory = await memoryBytes();
  rows.push(room('memory', memory, MEMORY_MINIMUM_BYTES, 'A session needs about 600 MiB; fewer run at once.'));
  const { bavail, bsize } = await statfs(await nearestExisting(cachePath()));
  rows.push(room('disk', bavail * bsize, DISK_MINIMUM_BYTES, `Tools and images need about 10 GiB; free some, or set XDG_CACHE_HOME.`));
  rows.push({ part: 'cpus', version: String(availableParallelism()), origin: 'machine', state: 'ok' });
  return rows;
}

function room(part: string, bytes: number, minimumBytes: number, remedy: string): Diagnosis {
  const row = { part, version: `${Math.floor(bytes / MIB)} MiB`, origin: 'machine' };
  return bytes >= minimumBytes ? { ...row, state: 'ok' } : { ...row, state: 'thin', remedy };
}

/** What is free for use: MemAvailable of proc_meminfo(5) where there is one. */
async function memoryBytes(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kib = text.match(/^MemAvailable:\s+(\d+) kB$/m)?.[1];
  return kib === undefined ? totalmem() : Number(kib) * 1024;
}

async function nearestExisting(path: string): Promise<string> {
  return access(path).then(
    () => path,
    () => nearestExisting(dirname(path)),
  );
}

function remedyOf(error: unknown): string {
  if (isCkxError(error)) return error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
  return String(error);
}
