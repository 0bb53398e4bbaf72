import type { Readable } from 'node:stream';

const ENDED = 'the other side has ended the connection';

/** Reads a stream in the lengths that a protocol gives; what is not read stays in the stream, for whoever reads it next. */
export class ByteReader {
  readonly #stream: Readable;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  /** @throws Error where the stream ends before. */
  async take(bytes: number): Promise<Buffer> {
    if (bytes === 0) return Buffer.alloc(0);
    const taken = await this.#next(bytes);
    // What a stream has at its end is less than was asked for.
    if (taken.length !== bytes) throw new Error(ENDED);
    return taken;
  }

  /** What has come, and at least one byte. @throws Error where the stream ends before. */
  some(): Promise<Buffer> {
    return this.#next();
  }

  async byte(): Promise<number> {
    return (await this.take(1)).readUInt8();
  }

  async uint32(): Promise<number> {
    return (await this.take(4)).readUInt32BE();
  }

  /** One listener from the first look to the last: a stream that has something, but not enough, tells each new one so at once. */
  #next(bytes?: number): Promise<Buffer> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        stream.off('readable', look).off('end', over).off('close', over).off('error', over);
        settled();
      };
      const over = (error?: Error) => settle(() => reject(error ?? new Error(ENDED)));
      const look = () => {
        const taken: unknown = stream.read(bytes);
        if (Buffer.isBuffer(taken)) settle(() => resolve(taken));
        else if (stream.readableEnded || stream.destroyed) over();
      };
      stream.on('readable', look).on('end', over).on('close', over).on('error', over);
      look();
    });
  }
}
