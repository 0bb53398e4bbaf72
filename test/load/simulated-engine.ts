/**
 * What stands in the place of a Docker engine: a folder with a folder for each environment and a file for each of its parts. It outlives the
 * process that made it, as containers do, and what is left in it can be counted.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExamSessionId, ExecutionEnvironmentId, WatchedPart } from '@ckx/contracts';
import { z } from 'zod';

/** In the order in which they are made; the network goes last, as with Docker. */
export const PARTS = ['network', 'home', ...WatchedPart.options, 'setup', 'grader', 'checker'] as const;
export type Part = (typeof PARTS)[number];

export const PartRecord = z.object({
  installation: z.string(),
  examSessionId: ExamSessionId,
  /** Epoch milliseconds. */
  createdAt: z.int(),
  startedAt: z.iso.datetime(),
  running: z.boolean(),
  /** Keys let in, setups that were run, and the like: what this part keeps over a restart. */
  notes: z.array(z.string()),
});
export type PartRecord = z.infer<typeof PartRecord>;

export class SimulatedEngine {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** null where the part is not there. */
  async read(id: ExecutionEnvironmentId, part: Part): Promise<PartRecord | null> {
    const text = await unlessGone(readFile(this.#file(id, part), 'utf8'));
    return text === null ? null : PartRecord.parse(JSON.parse(text));
  }

  /** Whole or not at all, whenever the process dies. */
  async write(id: ExecutionEnvironmentId, part: Part, record: PartRecord): Promise<void> {
    await mkdir(join(this.#folder, id), { recursive: true });
    const draft = join(this.#folder, `.${randomUUID()}`);
    await writeFile(draft, JSON.stringify(record));
    await rename(draft, this.#file(id, part));
  }

  async remove(id: ExecutionEnvironmentId, part: Part): Promise<void> {
    await rm(this.#file(id, part), { force: true });
    await unlessGone(rmdir(join(this.#folder, id)));
  }

  async environments(): Promise<ExecutionEnvironmentId[]> {
    return (await readdir(this.#folder)).flatMap((name) => ExecutionEnvironmentId.safeParse(name).data ?? []);
  }

  async partsOf(id: ExecutionEnvironmentId): Promise<Partial<Record<Part, PartRecord>>> {
    const records = await Promise.all(PARTS.map(async (part) => [part, await this.read(id, part)] as const));
    return Object.fromEntries(records.filter(([, record]) => record !== null));
  }

  #file(id: ExecutionEnvironmentId, part: Part): string {
    return join(this.#folder, id, part);
  }
}

/** A folder that still holds something is left; the next part that goes takes it along. */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTEMPTY')) return null;
    throw error;
  }
}
