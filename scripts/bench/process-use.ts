/** What a process and its children take of this machine, as Linux counts it. */
import { readdir, readFile } from 'node:fs/promises';

const MIB = 1_024;
/** Clock ticks of /proc/<pid>/stat in a second: USER_HZ, the same on every Linux. */
const TICKS_PER_SECOND = 100;

export interface ProcessUse {
  /** Proportional: pages that are shared count once in all. */
  readonly memoryMib: number;
  /** Of all processors, since each process began. */
  readonly cpuSeconds: number;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
}

/** Of one process with everything that descends from it. */
export async function useOf(pid: number): Promise<ProcessUse> {
  const stats = await readStats();
  const family = new Set([pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid: child, parent } of stats) if (family.has(parent)) family.add(child);
  }
  const members = stats.filter((stat) => family.has(stat.pid));
  const memory = await Promise.all(members.map((member) => memoryMib(member.pid)));
  return {
    memoryMib: memory.reduce((sum, mib) => sum + mib, 0),
    cpuSeconds: members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

async function readStats(): Promise<Stat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(
    pids.map(async (pid): Promise<Stat | null> => {
      // One that has ended meanwhile takes nothing.
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
      if (text === null) return null;
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return { pid, parent: Number(fields[1]), cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
    }),
  );
  return stats.filter((stat) => stat !== null);
}

async function memoryMib(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / MIB;
}
