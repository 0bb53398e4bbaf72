/** Where attempts are made from, and how their answers are read. */
import { execFile } from 'node:child_process';
import { readFile, readlink, stat } from 'node:fs/promises';
import { shellExec } from '@ckx/test-support/client';
import type { Client } from 'ssh2';
import type { Attempt } from './attempts.ts';

export interface Answer {
  /** The way is open. */
  readonly open: boolean;
  readonly said: string;
}

/** Runs a program for bash, given as standard input. @returns its standard output */
export type Place = (program: string) => Promise<string>;

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** One program that makes every attempt with a time limit of its own, and prints a line for each. */
function programOf(scripts: readonly string[], variables: Readonly<Record<string, string>>): string {
  return [
    'set +e; exec 2>/dev/null',
    ...Object.entries(variables).map(([name, value]) => `export ${name}="$(base64 -d <<< ${base64(value)})"`),
    ...scripts.map(
      (script, index) =>
        `out=$(timeout 20 bash -c "$(base64 -d <<< ${base64(script)})" 2>&1 < /dev/null); echo "${index}|$?|$(tr '\\n|' '  ' <<< "$out" | tail -c 110)"`,
    ),
    'exit 0',
  ].join('\n');
}

export async function attemptAll(place: Place, scripts: readonly string[], variables: Readonly<Record<string, string>>): Promise<Answer[]> {
  const printed = await place(programOf(scripts, variables));
  const answers = new Map(
    printed.split('\n').flatMap((line) => {
      const [index, code, said = ''] = line.split('|');
      return index === undefined || code === undefined ? [] : [[Number(index), { open: code === '0', said: said.trim() }] as const];
    }),
  );
  return scripts.map((script, index) => {
    const answer = answers.get(index);
    if (answer === undefined) throw new Error(`no answer to: ${script}\n${printed}`);
    return answer;
  });
}

/** A place behind the candidate's own shell. */
export function behind(client: Client, command: string): Place {
  return async (program) => (await shellExec(client, command, program)).stdout;
}

/** Root of the machine, in mount namespaces of its own so that nothing stays mounted. */
export const host: Place = (program) =>
  new Promise((resolve, reject) => {
    const child = execFile('unshare', ['--mount', 'bash', '-s'], (error, stdout) =>
      error instanceof Error ? reject(error) : resolve(stdout),
    );
    child.stdin?.end(program);
  });

/** Scripts that must be open to root of the host, so that being refused says something. */
export const onHost = ({ script, onHost: harmless }: Attempt) => harmless ?? script;

/** Major and minor number, and file system, of the disk under this machine's root folder. */
export async function hostDisk(): Promise<{ device: string; type: string }> {
  const { dev } = await stat('/');
  const major = (dev >> 8) & 0xfff;
  const minor = (dev & 0xff) | ((dev >> 12) & 0xfff00);
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const type = mounts.filter(([, folder]) => folder === '/').at(-1)?.[2] ?? 'ext4';
  if (major !== 0) return { device: `${major} ${minor}`, type };
  // File systems without a disk of their own name one of the machine's in their place.
  const [, first = '8 0'] = /^\s*(\d+\s+\d+)\s+\d+\s+\S+$/m.exec(await readFile('/proc/partitions', 'utf8')) ?? [];
  return { device: first, type };
}

export async function hostNamespaces(): Promise<string> {
  const kinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];
  return (await Promise.all(kinds.map((kind) => readlink(`/proc/self/ns/${kind}`)))).join('\n');
}
