import { accessStatus, activatePass, inputOf, listPasses } from '@ckx/access-passes';
import { AccessStatus, PassId, PassView } from '@ckx/contracts';
import { type DataSource, inTransaction } from '@ckx/persistence';
import { Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';

/** What one may sit, and the passes that open it. */
@ApiTags('access')
@ApiBearerAuth()
@Controller(`${API_V1}/access`)
export class AccessController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly engine: Engine,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'Whether full labs are open to you now, until when, and which passes you have left' })
  @Answers(AccessStatus)
  status(@CurrentUser() { id }: AuthenticatedUser): Promise<AccessStatus> {
    return accessStatus(this.dataSource, id);
  }

  @Get('passes')
  @ApiOperation({ summary: 'Every pass that you have or had, oldest first' })
  @Answers(PassView, { isArray: true })
  passes(@CurrentUser() { id }: AuthenticatedUser): Promise<PassView[]> {
    return listPasses(this.dataSource, id);
  }

  @Post('activate/:id')
  @ApiOperation({
    summary: 'Begin a pass’s time: now, or when the one that runs ends',
    description:
      'The first full lab does it by itself, with the oldest pass that waits. 409 `PASS_ALREADY_ACTIVATED` where its time has begun, 409 `PASS_OVER` where it has ended.',
  })
  @Answers(AccessStatus)
  async activate(@CurrentUser() { id: userId }: AuthenticatedUser, @Param('id', { schema: PassId }) passId: PassId): Promise<AccessStatus> {
    const pass = await inTransaction(this.dataSource, (tx) => activatePass(tx, userId, passId));
    await this.engine.passChanged(inputOf(pass));
    return accessStatus(this.dataSource, userId);
  }
}
