/** What this user keeps on this machine: tokens by API address, and the keys of sessions. Nobody else may read it. */
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, SshKey, type ExamSessionId } from '@ckx/contracts';
import { z } from 'zod';

const Entry = z.object({
  /** Who is signed in. */
  email: z.string().optional(),
  tokens: z
    .object({ accessToken: z.string(), /** Epoch milliseconds. */ accessExpiresAt: z.number(), refreshToken: z.string() })
    .optional(),
  /** The account that was made without asking on an installation of this machine. */
  localAccount: z.object({ email: z.string(), password: z.string() }).optional(),
});
export type Entry = z.infer<typeof Entry>;

/** Of a session's key what the shell needs: what else came with it may differ between versions. */
const KeptKey = SshKey.pick({ privateKey: true });
type KeptKey = z.infer<typeof KeptKey>;

const CredentialsFile = z.record(z.string(), Entry);

/** A lock that is older belongs to a process that died. */
const LOCK_STALE_MS = 30_000;

export class CredentialStore {
  readonly #folder: string;
  readonly #file: string;

  constructor(configFolder: string) {
    this.#folder = configFolder;
    this.#file = join(configFolder, 'credentials.json');
  }

  async read(apiUrl: string): Promise<Entry> {
    return (await this.#readAll())[apiUrl] ?? {};
  }

  async write(apiUrl: string, entry: Entry): Promise<void> {
    await writePrivately(this.#file, { ...(await this.#readAll()), [apiUrl]: entry });
  }

  /**
   * One process at a time: refresh tokens rotate, and a second use of the same one signs the whole family out.
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const lock = `${this.#file}.lock`;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (;;) {
      try {
        await (await open(lock, 'wx', 0o600)).close();
        break;
      } catch (error) {
        if (!isErrno(error, 'EEXIST')) throw error;
        const made = await stat(lock).catch(() => null);
        if (made !== null && Date.now() - made.mtimeMs > LOCK_STALE_MS) await rm(lock, { force: true });
        await sleep(50);
      }
    }
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  }

  async readKey(examSessionId: ExamSessionId): Promise<KeptKey | null> {
    const text = await readIfThere(this.#keyFile(examSessionId));
    return text === null ? null : KeptKey.parse(JSON.parse(text));
  }

  async writeKey(examSessionId: ExamSessionId, key: KeptKey): Promise<void> {
    await writePrivately(this.#keyFile(examSessionId), key);
  }

  async forgetKey(examSessionId: ExamSessionId): Promise<void> {
    await rm(this.#keyFile(examSessionId), { force: true });
  }

  #keyFile(examSessionId: ExamSessionId): string {
    return join(this.#folder, 'keys', `${examSessionId}.json`);
  }

  async #readAll(): Promise<Record<string, Entry>> {
    const text = await readIfThere(this.#file);
    if (text === null) return {};
    try {
      return CredentialsFile.parse(JSON.parse(text));
    } catch (cause) {
      throw new CkxError('user', 'CREDENTIALS_UNREADABLE', `${this.#file} is not what ckx wrote.`, {
        remedy: 'Remove the file and sign in again with: ckx login',
        cause,
      });
    }
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whole or not at all, for the owner only. */
async function writePrivately(file: string, value: unknown): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
