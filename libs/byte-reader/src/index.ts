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
    for (;;) {
      const taken: unknown = this.#stream.read(bytes);
      if (Buffer.isBuffer(taken) && taken.length === bytes) return taken;
      // What a stream has at its end is less than was asked for.
      if (taken !== null || this.#stream.readableEnded || this.#stream.destroyed) throw new Error(ENDED);
      await this.#more();
    }
  }

  /** What has come, and at least one byte. @throws Error where the stream ends before. */
  async some(): Promise<Buffer> {
    for (;;) {
      const taken: unknown = this.#stream.read();
      if (Buffer.isBuffer(taken)) return taken;
      if (this.#stream.readableEnded || this.#stream.destroyed) throw new Error(ENDED);
      await this.#more();
    }
  }

  async byte(): Promise<number> {
    return (await this.take(1)).readUInt8();
  }

  async uint32(): Promise<number> {
    return (await this.take(4)).readUInt32BE();
  }

  #more(): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => {
        stream.off('readable', onReadable).off('end', onReadable).off('close', onReadable).off('error', done);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onReadable = () => done();
      stream.once('readable', onReadable).once('end', onReadable).once('close', onReadable).once('error', done);
    });
  }
}
