import { putBlob, readBlob } from '@ckx/blobs/store';
import { type BlobDigest, CkxError, isCkxError, type LabId, type PackDigest, type UserId } from '@ckx/contracts';
import { ARCHIVE_MEDIA_TYPE, type Catalog, type LabPack, lintPack, packArchive, readPack, withUnpacked } from '@ckx/lab-packs';
import { type DataSource, inTransaction, LabPackEntity } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { recordDeed } from '../admin/audit.ts';
import { CATALOG, DATA_SOURCE } from '../tokens.ts';

/** What of a pack is left to know when its files are not at hand. */
export type KnownPack = Pick<LabPack, 'digest' | 'summary' | 'pin' | 'draw' | 'questions'>;

/** Packs that were read out of the database, in this process; a pack of a digest never changes. */
const REMEMBERED = 32;

/**
 * Lab packs by digest: those of the catalogue, those that sessions were started from before it changed, and drafts that an administrator
 * uploaded. Every pack that a session is started from is kept here, so that any host and any later question about it finds it.
 */
@Injectable()
export class Packs {
  private readonly remembered = new Map<PackDigest, Promise<KnownPack | null>>();

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CATALOG) private readonly catalog: Catalog,
  ) {}

  /**
   * The pack to start a session from, kept from now on.
   *
   * @param digest an exact version, offered or not; what the catalogue offers where absent.
   * @throws CkxError `LAB_UNKNOWN`, `LAB_PACK_UNKNOWN`.
   */
  async toStart(labId: LabId, digest?: PackDigest): Promise<KnownPack> {
    if (digest !== undefined) return this.ofDigest(labId, digest);
    try {
      return await this.offered(labId);
    } catch (error) {
      if (!isCkxError(error) || error.code !== 'LAB_PACK_CHANGED') throw error;
      // Somebody changed it on disk since this process read it, and nobody started a session from it before.
      this.catalog.reload();
      return this.offered(labId);
    }
  }

  /** A pack as a session pinned it; null where nobody has it any more. */
  async pinned(labId: LabId, digest: PackDigest): Promise<KnownPack | null> {
    const offered = this.catalog.get(labId);
    if (offered?.digest === digest) return offered;
    const known = this.remembered.get(digest) ?? this.readKept(digest);
    this.remember(digest, known);
    return known;
  }

  /**
   * Keeps a draft, once it is found usable.
   *
   * @throws CkxError `ARCHIVE_REFUSED`, `LAB_PACK_INVALID` with the list of problems.
   */
  async upload(
    archive: Buffer<ArrayBuffer>,
    uploadedBy: UserId,
  ): Promise<{ labId: LabId; digest: PackDigest; problems: LabPack['problems'] }> {
    return withUnpacked(archive, async (folder) => {
      const { pack, problems: found } = readPack(folder);
      const problems = pack === null ? found : lintPack(pack);
      const errors = problems.filter(({ level }) => level === 'error');
      if (pack === null || errors.length > 0) {
        throw new CkxError(
          'user',
          'LAB_PACK_INVALID',
          `The lab pack cannot be used. ${errors.map((error) => `${error.place}: ${error.message}`).join(' ')}`,
          {
            remedy: 'Correct the files named, then check the folder with `ckx labs lint`.',
            details: { problems },
          },
        );
      }
      // Packed anew: of what was uploaded nothing is kept that is no part of the pack.
      await this.keep(pack, uploadedBy);
      const told = problems.map(({ level, place, message }) => ({ level, place, message }));
      return { labId: pack.summary.id, digest: pack.digest, problems: told };
    });
  }

  private async offered(labId: LabId): Promise<LabPack> {
    const pack = this.catalog.get(labId);
    if (pack === undefined) throw new CkxError('user', 'LAB_UNKNOWN', `There is no lab ${labId}.`, { remedy: 'See GET /api/v1/labs.' });
    await this.keep(pack, null);
    return pack;
  }

  private async ofDigest(labId: LabId, digest: PackDigest): Promise<KnownPack> {
    const offered = this.catalog.get(labId);
    if (offered?.digest === digest) return this.offered(labId);
    const pack = await this.pinned(labId, digest);
    if (pack !== null && pack.summary.id === labId) return pack;
    throw new CkxError('user', 'LAB_PACK_UNKNOWN', `There is no pack ${digest} of the lab ${labId} here.`, {
      remedy: 'Upload it with POST /api/v1/admin/lab-packs.',
    });
  }

  private async keep(pack: LabPack, uploadedBy: UserId | null): Promise<void> {
    const { digest } = pack;
    if (await this.markUsed(digest)) return;
    const content = await packArchive(pack);
    await inTransaction(this.dataSource, async (manager) => {
      const blobDigest = await putBlob(manager, { mediaType: ARCHIVE_MEDIA_TYPE, content });
      const row = { digest, labId: pack.summary.id, blobDigest, uploadedBy };
      await manager.createQueryBuilder().insert().into(LabPackEntity).values(row).orIgnore().execute();
      if (uploadedBy === null) return;
      const target = { kind: 'lab_pack', id: digest } as const;
      await recordDeed(manager, { actorId: uploadedBy, action: 'lab_pack.upload', target, reason: null, data: { labId: row.labId } });
    });
  }

  /** @returns whether the pack is kept. */
  private async markUsed(digest: PackDigest): Promise<boolean> {
    const rows: [unknown[], number] = await this.dataSource.query(
      'UPDATE blobs SET last_used_at = now() WHERE digest = (SELECT blob_digest FROM lab_packs WHERE digest = $1) RETURNING digest',
      [digest],
    );
    return rows[1] === 1;
  }

  private async readKept(digest: PackDigest): Promise<KnownPack | null> {
    const row = await this.dataSource.manager.findOneBy(LabPackEntity, { digest });
    const blob = row === null ? null : await readBlob(this.dataSource.manager, row.blobDigest);
    if (row === null || blob === null) return null;
    return withUnpacked(blob.content, (folder) => {
      const { pack } = readPack(folder);
      if (pack?.digest === digest) return pack;
      throw damaged(digest, row.blobDigest);
    });
  }

  private remember(digest: PackDigest, known: Promise<KnownPack | null>): void {
    this.remembered.delete(digest);
    this.remembered.set(digest, known);
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
    // What was not there, or not to be read, may be the next time.
    const forget = (): void => void (this.remembered.get(digest) === known && this.remembered.delete(digest));
    known.then((pack) => pack === null && forget(), forget);
  }
}

function damaged(digest: PackDigest, blob: BlobDigest): CkxError {
  return new CkxError('bug', 'LAB_PACK_DAMAGED', `The blob ${blob} is not the pack ${digest} that it is kept as.`);
}
