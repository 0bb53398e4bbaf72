/** Output of commands: the engine's stream taken apart, and kept only as far as its limit. */
import { Writable } from 'node:stream';

/**
 * Keeps the first and the last half of what is written, counts the rest and drops it, so that memory stays within twice the limit
 * whatever is printed.
 */
export class BoundedOutput {
  readonly #half: number;
  #head = Buffer.alloc(0);
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #total = 0;

  constructor(limitBytes: number) {
    this.#half = Math.floor(limitBytes / 2);
  }

  write(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = this.#half - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)]);
    const rest = room > 0 ? chunk.subarray(room) : chunk;
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    // Joined now and then rather than for each chunk: a program may well print one byte at a time.
    if (this.#tailBytes > 2 * this.#half || this.#tail.length > 1_000) this.#join();
  }

  #join(): Buffer {
    const joined = Buffer.concat(this.#tail);
    const kept = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#half)));
    this.#tail = [kept];
    this.#tailBytes = kept.length;
    return kept;
  }

  get droppedBytes(): number {
    return Math.max(0, this.#total - 2 * this.#half);
  }

  /** What was kept, as text, with a line in the middle that says how much is missing. */
  toString(): string {
    const tail = this.#join();
    const gap = this.droppedBytes === 0 ? '' : `\n… ${this.droppedBytes} bytes left out …\n`;
    return this.#head.toString('utf8') + gap + tail.toString('utf8');
  }
}

/**
 * Takes the engine's multiplexed stream apart (Docker API, "Stream format": one byte of stream type, three of zero, four of length,
 * big-endian). Frames are passed on as they come; none is held back until it is complete.
 */
export function demultiplex(sink: { readonly stdout: BoundedOutput; readonly stderr: BoundedOutput }): Writable {
  const header = Buffer.alloc(8);
  let headerBytes = 0;
  let left = 0;
  return new Writable({
    write(data: Buffer, _encoding, done) {
      let at = 0;
      while (at < data.length) {
        if (left === 0) {
          const taken = data.copy(header, headerBytes, at, at + 8 - headerBytes);
          headerBytes += taken;
          at += taken;
          if (headerBytes < 8) break;
          headerBytes = 0;
          left = header.readUInt32BE(4);
          continue;
        }
        const part = data.subarray(at, at + left);
        (header[0] === 2 ? sink.stderr : sink.stdout).write(Buffer.from(part));
        at += part.length;
        left -= part.length;
      }
      done();
    },
  });
}
