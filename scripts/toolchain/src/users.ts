/** Who uses a thing that is shared between processes: one file per user, named by its process. The dead do not count. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, markOf, ProcessMark } from './processes.ts';

/** Registers this process. @returns a handle for {@link removeUser} */
export async function addUser(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${crypto.randomUUID()}`);
  await writeFile(file, JSON.stringify(markOf(process.pid)));
  return file;
}

export async function removeUser(handle: string): Promise<void> {
  await rm(handle, { force: true });
}

/** Number of users whose process lives; files of dead ones are removed. Call it under the thing's lock. */
export async function countUsers(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  let living = 0;
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (isAlive(ProcessMark.parse(JSON.parse(await readFile(file, 'utf8'))))) living += 1;
    else await rm(file, { force: true });
  }
  return living;
}
