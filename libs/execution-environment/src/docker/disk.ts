/**
 * How much disk a container uses: its writable layer and its volumes. Read from the engine's folders where this process may, which is
 * quick, and asked of the engine elsewhere.
 */
import { execFile } from 'node:child_process';
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { z } from 'zod';
import { cgroupFolders } from './cgroups.ts';
import type { DockerContext } from './context.ts';
import { engineCall, engineCallUnless } from './errors.ts';

const run = promisify(execFile);

const TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT_BYTES = 64 * 2 ** 20;
const BLOCK_BYTES = 512;
/** statfs(2): what lies in memory counts as memory. */
const TMPFS = 0x01021994;

export interface DiskUse {
  readonly bytes: number;
  /** Files and folders; null where the engine alone was asked. */
  readonly files: number | null;
}

/** Writable layer, as drivers with a folder of their own name it (overlay2). */
const GraphDriver = z.object({ Data: z.object({ UpperDir: z.string() }) });

/** Folders on this machine in which the container writes to disk, or null where this process may not read them. */
export async function writtenFolders(info: Docker.ContainerInspectInfo): Promise<string[] | null> {
  const driver = GraphDriver.safeParse(info.GraphDriver);
  if (!driver.success) return null;
  const volumes = info.Mounts.filter(({ Type }) => Type === 'volume').map(({ Source }) => Source);
  const folders = [driver.data.Data.UpperDir, ...volumes];
  const readable = await Promise.all(
    folders.map((folder) =>
      access(folder, constants.R_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return readable.every(Boolean) ? folders : null;
}

/** @returns null where it could not be found out now: a repeat may succeed. */
export async function diskUse(context: DockerContext, info: Docker.ContainerInspectInfo): Promise<DiskUse | null> {
  const folders = await writtenFolders(info);
  if (folders === null) return engineDiskUse(context, info);
  const [bytes, files, unlinked] = await Promise.all([du(folders, '--block-size=1'), du(folders, '--inodes'), unlinkedBytes(info)]);
  return { bytes: bytes + unlinked, files };
}

/** Sum over folders. Files that vanish meanwhile make `du` complain, and are none. */
async function du(folders: readonly string[], unit: string): Promise<number> {
  const printed = await output('du', ['--summarize', '--one-file-system', unit, '--', ...folders]);
  return printed.split('\n').reduce((sum, line) => sum + Number.parseInt(line || '0', 10), 0);
}

/** What a program printed, also where it did not like something of it. @throws where it did not run or was ended. */
async function output(program: string, args: readonly string[]): Promise<string> {
  try {
    const options = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_LIMIT_BYTES };
    return (await run('nice', ['-n', '19', program, ...args], options)).stdout;
  } catch (error) {
    const ended = z.object({ stdout: z.string(), code: z.int(), killed: z.literal(false) }).safeParse(error);
    if (!ended.success) throw error;
    return ended.data.stdout;
  }
}

/** Files without a name that a process still writes to: no folder shows them, and they fill the disk all the same. */
async function unlinkedBytes({ Id, State }: Docker.ContainerInspectInfo): Promise<number> {
  if (!State.Running || process.getuid?.() !== 0) return 0;
  const group = await readFile(`/proc/${State.Pid}/cgroup`, 'utf8').catch(() => '');
  const [folder] = cgroupFolders(group, Id);
  if (folder === undefined) return 0;
  const pids = (await output('find', [folder, '-name', 'cgroup.procs', '-exec', 'cat', '{}', '+'])).split('\n').filter(Boolean);
  if (pids.length === 0) return 0;
  const places = pids.flatMap((pid) => [`/proc/${pid}/fd`, `/proc/${pid}/map_files`]);
  const found = (await output('find', [...places, '-lname', '* (deleted)'])).split('\n').filter(Boolean);
  const sizes = new Map<string, number>();
  for (const path of found) {
    const [file, system] = await Promise.all([stat(path), statfs(path)]).catch(() => []);
    if (file?.isFile() === true && system?.type !== TMPFS) sizes.set(`${file.dev}:${file.ino}`, file.blocks * BLOCK_BYTES);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

const Sized = z.array(z.object({ SizeRw: z.number().optional() }));
const Volumes = z.object({
  Volumes: z.array(z.object({ Name: z.string(), UsageData: z.object({ Size: z.number() }).nullish() })).nullable(),
});

async function engineDiskUse({ docker }: DockerContext, info: Docker.ContainerInspectInfo): Promise<DiskUse | null> {
  const [sized, usage] = await Promise.all([
    engineCall((): Promise<unknown> => docker.listContainers({ all: true, size: true, filters: { id: [info.Id] } })),
    // An engine that counts already refuses to count twice.
    engineCallUnless([409, 500], (): Promise<unknown> => docker.df()),
  ]);
  if (usage === null) return null;
  const own = new Set(info.Mounts.map(({ Name }) => Name));
  const volumes = (Volumes.parse(usage).Volumes ?? []).filter(({ Name }) => own.has(Name));
  const layer = Sized.parse(sized)[0]?.SizeRw ?? 0;
  return { bytes: volumes.reduce((sum, { UsageData }) => sum + Math.max(0, UsageData?.Size ?? 0), layer), files: null };
}
