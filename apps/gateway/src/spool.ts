import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keepRecording } from '@ckx/connections';
import { CkxError, ConnectionId } from '@ckx/contracts';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import { AsciicastWriter, wholeLines, type Size } from '@ckx/terminal-recording';

/** A recording is stored as one blob, of 16 MiB at most; compressed it is never larger than this. */
const LIMIT_BYTES = 15 * 1024 ** 2;
const SUFFIX = '.cast';

/** Recordings between their first byte and Postgres: files of this copy of the gateway, which are found again after a crash. */
export class Spool {
  readonly #folder: string;
  readonly #dataSource: DataSource;
  readonly #logger: Logger;

  constructor(folder: string, dataSource: DataSource, logger: Logger) {
    this.#folder = folder;
    this.#dataSource = dataSource;
    this.#logger = logger;
  }

  /** Call before anything is recorded: what is there is of connections that a killed gateway held. @returns how many were stored. */
  async recover(): Promise<number> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    let stored = 0;
    for (const name of await readdir(this.#folder)) {
      const id = ConnectionId.safeParse(name.slice(0, -SUFFIX.length));
      if (!name.endsWith(SUFFIX) || !id.success) continue;
      if (await this.store(id.data)) stored += 1;
    }
    return stored;
  }

  begin(connectionId: ConnectionId, size: Size): AsciicastWriter {
    const onFault = (error: unknown) => this.#logger.error({ err: error, connectionId }, 'a terminal is not recorded any more');
    return new AsciicastWriter(this.#fileOf(connectionId), { ...size, startedAtMs: Date.now(), limitBytes: LIMIT_BYTES, onFault });
  }

  /** Moves a recording that has ended to Postgres. What cannot be stored now is left for {@link recover}. @returns whether it was. */
  async store(connectionId: ConnectionId): Promise<boolean> {
    const file = this.#fileOf(connectionId);
    try {
      const recording = wholeLines(await readFile(file));
      const kept = recording !== null && (await keepRecording(this.#dataSource, { connectionId, ...recording }));
      await rm(file, { force: true });
      return kept;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      // What is refused for good is not tried again at each start.
      if (error instanceof CkxError && error.kind !== 'operational') await rm(file, { force: true });
      this.#logger.error({ err: error, connectionId }, 'a recording was not stored');
      return false;
    }
  }

  #fileOf(connectionId: ConnectionId): string {
    return join(this.#folder, `${connectionId}${SUFFIX}`);
  }
}
