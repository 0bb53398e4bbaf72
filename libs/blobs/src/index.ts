/** What a blob is; where blobs are kept is `./store`, how a host reaches them `./client`. */
import { createHash } from 'node:crypto';
import { BlobDigest } from '@ckx/contracts';

/** A blob is kept, sent and checked whole. */
export const BLOB_LIMIT_BYTES = 16 * 1024 ** 2;

export interface Blob {
  /** Media type, such as `application/gzip`. */
  readonly mediaType: string;
  readonly content: Buffer<ArrayBuffer>;
}

/** What a content is called. */
export function digestOf(content: Uint8Array): BlobDigest {
  return BlobDigest.parse(`sha256:${createHash('sha256').update(content).digest('hex')}`);
}
