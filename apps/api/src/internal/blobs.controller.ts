import { type Blob, digestOf } from '@ckx/blobs';
import { describeBlob, putBlob, readBlob } from '@ckx/blobs/store';
import { BlobDigest, CkxError, PackDigest } from '@ckx/contracts';
import { type DataSource, inTransaction, LabPackEntity } from '@ckx/persistence';
import { Controller, Get, Head, HttpCode, Inject, Param, Put, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../auth/auth.guard.ts';
import { DATA_SOURCE } from '../tokens.ts';
import type { ServiceRequest } from './authentication.ts';
import { ServiceGuard, Signed } from './service.guard.ts';

const MEDIA_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}(; ?charset=[\w-]{1,30})?$/;

/** Content by its digest, for services of the installation: signed instead of signed in. */
@Public()
@UseGuards(ServiceGuard)
@ApiExcludeController()
@Controller('internal')
export class BlobsController {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  // Before GET, which would answer HEAD as well and read the content for it.
  @Head('blobs/:digest')
  async describe(@Param('digest', { schema: BlobDigest }) digest: BlobDigest, @Res() response: Response): Promise<void> {
    const blob = await describeBlob(this.dataSource.manager, digest);
    if (blob === null) throw unknown('BLOB_UNKNOWN', digest);
    response.setHeader('Content-Type', blob.mediaType).setHeader('Content-Length', blob.sizeBytes).end();
  }

  @Get('blobs/:digest')
  async get(@Param('digest', { schema: BlobDigest }) digest: BlobDigest, @Res() response: Response): Promise<void> {
    const blob = await readBlob(this.dataSource.manager, digest);
    if (blob === null) throw unknown('BLOB_UNKNOWN', digest);
    send(response, blob);
  }

  @Put('blobs/:digest')
  @HttpCode(204)
  async put(
    @Param('digest', { schema: BlobDigest }) digest: BlobDigest,
    @Signed() { body: content }: ServiceRequest,
    @Req() request: Request,
  ): Promise<void> {
    const mediaType = request.headers['content-type'] ?? '';
    if (!MEDIA_TYPE.test(mediaType)) throw new CkxError('user', 'MEDIA_TYPE_MISSING', 'A blob is sent with its media type.');
    if (digestOf(content) !== digest) {
      throw new CkxError('user', 'DIGEST_MISMATCH', `What was sent is ${digestOf(content)}, not ${digest}.`, {
        remedy: 'Send a blob under the SHA-256 of its content.',
      });
    }
    await inTransaction(this.dataSource, (manager) => putBlob(manager, { mediaType, content }));
  }

  /** The archive of a pack, by the digest that sessions pin. */
  @Get('packs/:digest')
  async pack(@Param('digest', { schema: PackDigest }) digest: PackDigest, @Res() response: Response): Promise<void> {
    const pack = await this.dataSource.manager.findOneBy(LabPackEntity, { digest });
    const blob = pack === null ? null : await readBlob(this.dataSource.manager, pack.blobDigest);
    if (blob === null) throw unknown('LAB_PACK_UNKNOWN', digest);
    send(response, blob);
  }
}

function send(response: Response, { mediaType, content }: Blob): void {
  response.setHeader('Content-Type', mediaType).setHeader('Content-Length', content.length).end(content);
}

function unknown(code: 'BLOB_UNKNOWN' | 'LAB_PACK_UNKNOWN', digest: string): CkxError {
  return new CkxError('user', code, `There is no ${digest} here.`);
}
