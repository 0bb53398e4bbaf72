import type { Readable } from 'node:stream';
import { ByteReader } from '@ckx/byte-reader';

const VERSION = 'RFB 003.008\n';
const NO_AUTHENTICATION = 1;

/**
 * Answers a viewer in a desktop's place, up to ClientInit, and asks no password of it: whoever it is has been admitted by other means. What the
 * viewer says next stays in `said`, for the desktop to hear.
 *
 * @param said what the viewer says.
 * @param answer says something to it.
 * @throws Error where it is no viewer of RFB 3.8, or leaves before.
 */
export async function greetViewer(said: Readable, answer: (bytes: Buffer) => void): Promise<void> {
  const reader = new ByteReader(said);
  answer(Buffer.from(VERSION));
  if ((await reader.take(VERSION.length)).toString('latin1') !== VERSION)
    throw new Error('the client speaks another version of the protocol');
  answer(Buffer.from([1, NO_AUTHENTICATION]));
  if ((await reader.byte()) !== NO_AUTHENTICATION) throw new Error('the client chose what it was not offered');
  // SecurityResult: OK.
  answer(Buffer.alloc(4));
}
