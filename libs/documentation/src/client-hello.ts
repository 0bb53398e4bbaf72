/** The name that a TLS client asks for, read from its first message (RFC 8446, 4.1.2; RFC 6066, 3). */

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
const RECORD_HEADER = 5;
/** The longest record there may be. */
export const FIRST_RECORD_BYTES = RECORD_HEADER + 2 ** 14;

/**
 * @param bytes what has come so far.
 * @returns undefined while more is needed; null where it is no ClientHello in one record, or has no name.
 */
export function serverName(bytes: Buffer): string | null | undefined {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return null;
  if (bytes.length < RECORD_HEADER) return undefined;
  const length = bytes.readUInt16BE(3);
  if (bytes[1] !== 3 || length > 2 ** 14) return null;
  if (bytes.length < RECORD_HEADER + length) return undefined;
  try {
    return nameIn(new Reader(bytes.subarray(RECORD_HEADER, RECORD_HEADER + length)));
  } catch {
    return null;
  }
}

function nameIn(record: Reader): string | null {
  if (record.number(1) !== CLIENT_HELLO) return null;
  const hello = record.vector(3);
  hello.skip(2 + 32);
  hello.vector(1);
  hello.vector(2);
  hello.vector(1);
  const extensions = hello.vector(2);
  let name: string | null = null;
  while (extensions.left > 0) {
    const type = extensions.number(2);
    const body = extensions.vector(2);
    if (type !== SERVER_NAME) continue;
    const names = body.vector(2);
    // One name, once: whoever says two things means one of them for somebody else.
    if (name !== null || names.number(1) !== HOST_NAME) return null;
    name = names.vector(2).text();
    if (names.left > 0) return null;
  }
  return name;
}

/** Reads in order. Each throws a RangeError at the end of what there is. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(bytes: number): Buffer {
    if (bytes > this.left) throw new RangeError('too short');
    this.#at += bytes;
    return this.#bytes.subarray(this.#at - bytes, this.#at);
  }

  number(bytes: number): number {
    return this.skip(bytes).readUIntBE(0, bytes);
  }

  /** A length of so many bytes, and what it is the length of. */
  vector(lengthBytes: number): Reader {
    return new Reader(this.skip(this.number(lengthBytes)));
  }

  text(): string {
    return this.#bytes.toString('latin1');
  }
}
