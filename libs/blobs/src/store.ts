/** Blobs in Postgres. */
import { CkxError, type BlobDigest } from '@ckx/contracts';
import { BlobEntity, type EntityManager } from '@ckx/persistence';
import { BLOB_LIMIT_BYTES, digestOf, type Blob } from './index.ts';

/**
 * Keeps a content; one that is kept already is marked as used, and keeps the media type it came with.
 *
 * @throws CkxError `BLOB_TOO_LARGE` (user).
 */
export async function putBlob(manager: EntityManager, { mediaType, content }: Blob): Promise<BlobDigest> {
  if (content.length > BLOB_LIMIT_BYTES) {
    throw new CkxError('user', 'BLOB_TOO_LARGE', `A blob has at most ${BLOB_LIMIT_BYTES} bytes; this one has ${content.length}.`);
  }
  const digest = digestOf(content);
  // Looked for first: a content of some megabytes is not sent only to be found there. Marked in the same statement, so that whoever
  // removes blobs that nobody used for long cannot come between.
  if (await touchBlob(manager, digest)) return digest;
  await manager.query(
    `INSERT INTO blobs (digest, media_type, size_bytes, content) VALUES ($1, $2, $3, $4)
       ON CONFLICT (digest) DO UPDATE SET last_used_at = now()`,
    [digest, mediaType, content.length, content],
  );
  return digest;
}

/** @returns null where there is none. */
export async function readBlob(manager: EntityManager, digest: BlobDigest): Promise<Blob | null> {
  await touchBlob(manager, digest);
  const row = await manager.findOne(BlobEntity, { select: { mediaType: true, content: true }, where: { digest } });
  return row === null ? null : { mediaType: row.mediaType, content: Buffer.from(row.content) };
}

/** @returns null where there is none. */
export async function describeBlob(manager: EntityManager, digest: BlobDigest): Promise<{ mediaType: string; sizeBytes: number } | null> {
  return manager.findOne(BlobEntity, { select: { mediaType: true, sizeBytes: true }, where: { digest } });
}

/** Marks a blob as used now. @returns whether it is there. */
async function touchBlob(manager: EntityManager, digest: BlobDigest): Promise<boolean> {
  const { affected } = await manager.update(BlobEntity, { digest }, { lastUsedAt: () => 'now()' });
  return affected === 1;
}
