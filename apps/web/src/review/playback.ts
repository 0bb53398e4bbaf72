import { readSize, type Cast } from './asciicast.ts';

/** Where a recording is shown. */
export interface Screen {
  write(data: string): void;
  resize(cols: number, rows: number): void;
  /** As a terminal that was just opened. */
  reset(): void;
}

/** So much is written at once at most: a page must stay at hand while minutes are passed over. */
const CHUNK_CHARS = 65_536;

/** A recording on a screen, at a moment of it. */
export class Playback {
  readonly #cast: Cast;
  readonly #screen: Screen;
  #next = 0;
  #atMs = 0;

  constructor(cast: Cast, screen: Screen) {
    this.#cast = cast;
    this.#screen = screen;
    this.#begin();
  }

  get atMs(): number {
    return this.#atMs;
  }

  get atEnd(): boolean {
    return this.#atMs >= this.#cast.durationMs;
  }

  /** Shows the screen as it was then: goes on from where it is, or begins anew for what lies behind. */
  seek(toMs: number): void {
    const target = Math.min(Math.max(0, toMs), this.#cast.durationMs);
    if (target < this.#atMs) this.#begin();
    let pending = '';
    const flush = () => {
      if (pending !== '') this.#screen.write(pending);
      pending = '';
    };
    for (let event = this.#cast.events[this.#next]; event !== undefined && event.atMs <= target; event = this.#cast.events[++this.#next]) {
      if (event.kind === 'output') {
        pending += event.data;
        if (pending.length >= CHUNK_CHARS) flush();
        continue;
      }
      flush();
      const size = readSize(event.data);
      if (size !== null) this.#screen.resize(size.cols, size.rows);
    }
    flush();
    this.#atMs = target;
  }

  #begin(): void {
    this.#next = 0;
    this.#atMs = 0;
    this.#screen.reset();
    this.#screen.resize(this.#cast.cols, this.#cast.rows);
  }
}
