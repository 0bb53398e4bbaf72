/** A browser's part of a desktop, without the browser: as much of RFB (RFC 6143) as it takes to look, type and share a clipboard. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ByteReader } from '@ckx/byte-reader';
import { offeredProtocols } from '@ckx/contracts';
import { WebSocket, type RawData } from 'ws';
import { bytesOf } from '../src/terminal.ts';
import type { Closed } from './client.ts';
import { ORIGIN } from './harness.ts';

const RAW = 0;
const EXTENDED_DESKTOP_SIZE = -308;
const PIXEL_BYTES = 4;

export class Viewer {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly reader: ByteReader;
  width = 0;
  height = 0;
  /** Four bytes a pixel: blue, green, red, nothing. */
  pixels = Buffer.alloc(0);
  /** What the desktop put into its clipboard, the latest. */
  cut = '';
  #layout: Buffer = Buffer.alloc(0);

  constructor(url: string, ticket: string) {
    this.socket = new WebSocket(url, offeredProtocols(ticket), { headers: { origin: ORIGIN }, perMessageDeflate: false });
    const said = new PassThrough();
    this.reader = new ByteReader(said);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: RawData) => said.write(bytesOf(data)));
    this.socket.on('close', () => said.end());
  }

  /** Up to where the desktop itself is spoken with. */
  async greet(): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(await this.reader.take(12));
    const types = await this.reader.take(await this.reader.byte());
    if (!types.equals(Buffer.from([1]))) throw new Error(`Authentication is asked for: ${types.toString('hex')}`);
    this.socket.send(Buffer.from([1]));
    if ((await this.reader.uint32()) !== 0) throw new Error('Refused.');
  }

  /** Greets, and reads what the desktop says from then on. */
  async open(): Promise<void> {
    await this.greet();
    this.socket.send(Buffer.from([1]));
    [this.width, this.height] = [await this.#uint16(), await this.#uint16()];
    await this.reader.take(16);
    await this.reader.take(await this.reader.uint32());
    this.pixels = Buffer.alloc(this.width * this.height * PIXEL_BYTES);
    // 32 bits, of which 24 count, little endian, true colour: blue, green, red.
    this.socket.send(Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]));
    const encodings = Buffer.alloc(4 + 8);
    encodings.writeUInt8(2);
    encodings.writeUInt16BE(2, 2);
    encodings.writeInt32BE(RAW, 4);
    encodings.writeInt32BE(EXTENDED_DESKTOP_SIZE, 8);
    this.socket.send(encodings);
    this.#ask(false);
    void this.#listen().catch(() => undefined);
  }

  /** @param keysym as X has them; a letter's is its code. */
  key(keysym: number): void {
    this.#key(keysym, true);
    this.#key(keysym, false);
  }

  /** A key while others are held. */
  press(held: readonly number[], keysym: number): void {
    for (const key of held) this.#key(key, true);
    this.key(keysym);
    for (const key of held) this.#key(key, false);
  }

  #key(keysym: number, isDown: boolean): void {
    const event = Buffer.alloc(8);
    event.writeUInt8(4);
    event.writeUInt8(isDown ? 1 : 0, 1);
    event.writeUInt32BE(keysym, 4);
    this.socket.send(event);
  }

  /** Types; `\n` is Return. */
  type(text: string): void {
    for (const letter of text) {
      const code = letter.codePointAt(0) ?? 0;
      // Beyond Latin 1 a keysym says that it is Unicode.
      this.key(letter === '\n' ? 0xff0d : code > 0xff ? 0x1000000 + code : code);
    }
  }

  point(x: number, y: number, buttons = 0): void {
    const event = Buffer.alloc(6);
    event.writeUInt8(5);
    event.writeUInt8(buttons, 1);
    event.writeUInt16BE(x, 2);
    event.writeUInt16BE(y, 4);
    this.socket.send(event);
  }

  /** Puts a text into the desktop's clipboard. */
  paste(text: string): void {
    const content = Buffer.from(text, 'latin1');
    const event = Buffer.alloc(8);
    event.writeUInt8(6);
    event.writeUInt32BE(content.length, 4);
    this.socket.send(Buffer.concat([event, content]));
  }

  resize(width: number, height: number): void {
    const screen = Buffer.from(this.#layout.subarray(0, 16));
    screen.writeUInt16BE(width, 8);
    screen.writeUInt16BE(height, 10);
    const event = Buffer.alloc(8);
    event.writeUInt8(251);
    event.writeUInt16BE(width, 2);
    event.writeUInt16BE(height, 4);
    event.writeUInt8(1, 6);
    this.socket.send(Buffer.concat([event, screen]));
  }

  /** How many colours the desktop shows. */
  get colours(): number {
    const colours = new Set<number>();
    for (let at = 0; at < this.pixels.length; at += PIXEL_BYTES) colours.add(this.pixels.readUIntLE(at, 3));
    return colours.size;
  }

  /** @throws after `timeoutMs`. */
  async until(holds: () => boolean, timeoutMs = 15_000): Promise<void> {
    const givenUpAt = performance.now() + timeoutMs;
    while (!holds()) {
      if (performance.now() > givenUpAt) throw new Error(`After ${timeoutMs} ms still not: ${String(holds)}`);
      await sleep(50);
    }
  }

  #ask(incremental: boolean): void {
    const request = Buffer.alloc(10);
    request.writeUInt8(3);
    request.writeUInt8(incremental ? 1 : 0, 1);
    request.writeUInt16BE(this.width, 6);
    request.writeUInt16BE(this.height, 8);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(request);
  }

  async #listen(): Promise<never> {
    for (;;) {
      switch (await this.reader.byte()) {
        case 0:
          await this.#update();
          this.#ask(true);
          break;
        case 2:
          break;
        case 3:
          await this.reader.take(3);
          this.cut = (await this.reader.take(await this.reader.uint32())).toString('latin1');
          break;
        default:
          throw new Error('What is this?');
      }
    }
  }

  async #update(): Promise<void> {
    await this.reader.take(1);
    for (let left = await this.#uint16(); left > 0; left -= 1) {
      const [x, y, width, height] = [await this.#uint16(), await this.#uint16(), await this.#uint16(), await this.#uint16()];
      const encoding = (await this.reader.take(4)).readInt32BE();
      if (encoding === EXTENDED_DESKTOP_SIZE) {
        const screens = await this.reader.byte();
        await this.reader.take(3);
        this.#layout = await this.reader.take(16 * screens);
        if (width !== this.width || height !== this.height) {
          [this.width, this.height] = [width, height];
          this.pixels = Buffer.alloc(width * height * PIXEL_BYTES);
          this.#ask(false);
        }
        continue;
      }
      for (let row = 0; row < height; row += 1) {
        const line = await this.reader.take(width * PIXEL_BYTES);
        line.copy(this.pixels, ((y + row) * this.width + x) * PIXEL_BYTES);
      }
    }
  }

  async #uint16(): Promise<number> {
    return (await this.reader.take(2)).readUInt16BE();
  }
}
