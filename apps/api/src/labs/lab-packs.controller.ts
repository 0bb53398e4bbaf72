import { CkxError, UploadedPack } from '@ckx/contracts';
import { ARCHIVE_LIMIT_BYTES, ARCHIVE_MEDIA_TYPE } from '@ckx/lab-packs';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { readBody } from '../http/read-body.ts';
import { Packs } from './packs.ts';

@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@Controller(`${API_V1}/admin/lab-packs`)
export class LabPacksController {
  constructor(private readonly packs: Packs) {}

  @Post()
  @ApiOperation({
    summary: 'Upload a draft of a lab: its folder as a gzipped tar, at most 16 MiB',
    description:
      'The draft is in no catalogue; an administrator starts a session from it with `labDigest`. 422 `LAB_PACK_INVALID` lists its problems.',
  })
  @ApiConsumes(ARCHIVE_MEDIA_TYPE)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Answers(UploadedPack, { status: 201 })
  async upload(
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadedPack> {
    if (request.headers['content-type'] !== ARCHIVE_MEDIA_TYPE) {
      throw new CkxError('user', 'MEDIA_TYPE_MISSING', `A lab pack is sent as ${ARCHIVE_MEDIA_TYPE}.`);
    }
    return this.packs.upload(await readBody(request, response, ARCHIVE_LIMIT_BYTES), user.id);
  }
}
