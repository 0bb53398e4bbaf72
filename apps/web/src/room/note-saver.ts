/** What is written into notes on its way to the server: a little after the last key, one at a time, and again until it is there. */

const SETTLE_MS = 700;
const RETRY_MS = 3_000;

/** `waiting`: the last attempt failed, and another one follows. */
export type NoteState = 'saved' | 'saving' | 'waiting';

export interface NoteLine {
  save(position: number, text: string): Promise<unknown>;
  /** Its drafts or its state are others now. */
  onChange(): void;
}

export class NoteSaver {
  readonly #line: NoteLine;
  readonly #drafts = new Map<number, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #state: NoteState = 'saved';

  constructor(line: NoteLine) {
    this.#line = line;
  }

  get state(): NoteState {
    return this.#state;
  }

  /** What the server does not have yet. */
  draft(position: number): string | undefined {
    return this.#drafts.get(position);
  }

  edit(position: number, text: string): void {
    this.#drafts.set(position, text);
    this.#tell(this.#state === 'waiting' ? 'waiting' : 'saving');
    this.#in(SETTLE_MS);
  }

  /** At once: the page may be on its way out. */
  flush(): void {
    if (this.#drafts.size > 0) this.#in(0);
  }

  #in(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const [position, text] = next;
        await this.#line.save(position, text);
        // It may have been written on meanwhile.
        if (this.#drafts.get(position) === text) this.#drafts.delete(position);
      }
      this.#tell('saved');
    } catch {
      this.#tell('waiting');
      this.#in(RETRY_MS);
    } finally {
      this.#running = false;
    }
  }

  #next(): [number, string] | undefined {
    return this.#drafts.entries().next().value;
  }

  #tell(state: NoteState): void {
    this.#state = state;
    this.#line.onChange();
  }
}
