import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface WriterOptions extends Size {
  /** When the recording begins, epoch milliseconds. */
  readonly startedAtMs: number;
  /** Longer recordings are cut off there. */
  readonly limitBytes: number;
  /** Milliseconds of any clock that never goes back. */
  readonly now?: () => number;
  /** Called once, where the disk refuses: nothing more is recorded. */
  readonly onFault?: (error: unknown) => void;
}

/** Output that comes within this time is one event: nobody sees the difference, and a flood stays a bounded number of lines. */
const GATHER_MS = 50;
/** What waits for a disk that is slow is bounded too. */
const GATHER_BYTES = 64 * 1024;
const WAITING_LIMIT_BYTES = 4 * 1024 ** 2;

/**
 * Writes a recording to a file as it happens, so that a crash loses a moment of it, not the whole. It never throws, and never makes the
 * terminal wait: where the disk refuses, or cannot follow, the recording ends and the terminal goes on.
 */
export class AsciicastWriter {
  readonly #file: WriteStream;
  readonly #options: WriterOptions;
  readonly #decoder = new StringDecoder('utf8');
  readonly #now: () => number;
  #written = 0;
  /** Time of the last event, as whoever adds up the intervals has it. */
  #atMs: number;
  #gathered = '';
  #gatheredAtMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #open = true;

  /** @param path a file that does not exist yet; only its owner may read it. */
  constructor(path: string, options: WriterOptions) {
    this.#options = options;
    this.#now = options.now ?? performance.now.bind(performance);
    this.#atMs = this.#now();
    this.#file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    this.#file.on('error', (error) => {
      if (this.#open) this.#options.onFault?.(error);
      this.#open = false;
    });
    const { cols, rows, startedAtMs } = options;
    this.#line({ version: 3, term: { cols, rows, type: 'xterm-256color' }, timestamp: Math.floor(startedAtMs / 1_000) });
  }

  output(data: Buffer): void {
    if (!this.#open) return;
    // Whoever cuts a stream of bytes into strings must not cut a character.
    const text = this.#decoder.write(data);
    if (text === '') return;
    if (this.#gathered === '') this.#gatheredAtMs = this.#now();
    this.#gathered += text;
    if (this.#gathered.length >= GATHER_BYTES) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  resize({ cols, rows }: Size): void {
    this.#flush();
    this.#event(this.#now(), 'r', `${cols}x${rows}`);
  }

  /** Returns when everything is on the disk, as far as it can be. */
  async end(): Promise<void> {
    this.#gathered += this.#decoder.end();
    this.#flush();
    this.#open = false;
    if (this.#file.destroyed || this.#file.closed) return;
    this.#file.end();
    await once(this.#file, 'close').catch(() => undefined);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#gathered;
    this.#gathered = '';
    if (text !== '') this.#event(this.#gatheredAtMs, 'o', text);
  }

  #event(atMs: number, code: 'o' | 'r', data: string): void {
    const seconds = Math.max(0, Math.round(atMs - this.#atMs)) / 1_000;
    this.#atMs += seconds * 1_000;
    this.#line([seconds, code, data]);
  }

  #line(content: unknown): void {
    if (!this.#open) return;
    const line = Buffer.from(`${JSON.stringify(content)}\n`);
    const isFull = this.#written + line.length > this.#options.limitBytes;
    if (isFull || this.#file.writableLength > WAITING_LIMIT_BYTES) {
      this.#open = false;
      // A comment, which players skip: readers of ours know by it that the end is missing.
      this.#file.write('# cut\n');
      return;
    }
    this.#written += line.length;
    this.#file.write(line);
  }
}
