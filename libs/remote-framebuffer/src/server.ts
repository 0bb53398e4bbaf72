import type { Duplex } from 'node:stream';
import { ByteReader } from '@ckx/byte-reader';

const VERSION = 'RFB 003.008\n';
const NO_AUTHENTICATION = 1;

/**
 * Answers a viewer in a desktop's place, up to ClientInit, and asks no password of it: whoever it is has been admitted by other means. What the
 * viewer says next is the desktop's to hear.
 *
 * @throws Error where it is no viewer of RFB 3.8.
 */
export async function greetViewer(viewer: Duplex): Promise<void> {
  const reader = new ByteReader(viewer);
  viewer.write(VERSION);
  if ((await reader.take(VERSION.length)).toString('latin1') !== VERSION)
    throw new Error('the client speaks another version of the protocol');
  viewer.write(Buffer.from([1, NO_AUTHENTICATION]));
  if ((await reader.byte()) !== NO_AUTHENTICATION) throw new Error('the client chose what it was not offered');
  // SecurityResult: OK.
  viewer.write(Buffer.alloc(4));
}
