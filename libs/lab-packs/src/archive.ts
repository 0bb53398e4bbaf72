/** A pack as one file, to travel to the host that runs it. */
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CkxError } from '@ckx/contracts';
import { pack as tarPack } from 'tar-stream';
import type { CkXListing } from './ck-x-format.ts';
import { PackFiles } from './files.ts';
import { OWN_LISTING_FILE } from './listing.ts';
import type { LabPack } from './pack.ts';
import { Problems } from './problems.ts';

export const ARCHIVE_MEDIA_TYPE = 'application/gzip';
export const ARCHIVE_LIMIT_BYTES = 16 * 1024 ** 2;

/**
 * The pack as a gzipped tar: the same pack gives the same bytes, for paths are sorted and times, owners and modes left out.
 *
 * @throws CkxError `LAB_PACK_CHANGED` where the pack on disk is no longer the one that was read.
 */
export async function packArchive(pack: LabPack): Promise<Buffer<ArrayBuffer>> {
  const files = new PackFiles(pack.root, new Problems());
  if (files.digest() !== pack.digest) {
    throw new CkxError('operational', 'LAB_PACK_CHANGED', `The lab pack ${pack.root} was changed after it was read.`, {
      remedy: 'Restore the pack, or start the process again, which reads it anew.',
      details: { labId: pack.summary.id, digest: pack.digest },
    });
  }
  const tar = tarPack();
  const add = (name: string, content: string | Buffer) => tar.entry({ name, mode: 0o644, mtime: new Date(0) }, content);
  // What CK-X says of a pack stands outside its folder.
  if (pack.format === 'ck-x') add(OWN_LISTING_FILE, JSON.stringify(listingOf(pack)));
  for (const path of files.paths) add(path, files.bytes(path) ?? Buffer.alloc(0));
  tar.finalize();
  const archive = await promisify(gzip)(await buffer(tar));
  return Buffer.from(archive);
}

function listingOf({ summary }: LabPack): CkXListing {
  const { id, title: name, category, description, difficulty, durationMinutes: examDurationInMinutes } = summary;
  return { id, assetPath: '.', name, category, description, difficulty, examDurationInMinutes };
}
