import { grantPass, inputOf, listPasses, revokePass } from '@ckx/access-passes';
import { CkxError, GrantPassBody, PassId, PassView, ReasonBody, UserId } from '@ckx/contracts';
import { AccessPassEntity, type AccessPassRow, type DataSource, inTransaction, UserEntity } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { recordDeed } from './audit.ts';

/** Passes that administrators give and take. */
@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@Controller(`${API_V1}/admin`)
export class AdminPassesController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly engine: Engine,
  ) {}

  @Get('users/:userId/passes')
  @ApiOperation({ summary: 'Every pass that somebody has or had, oldest first' })
  @Answers(PassView, { isArray: true })
  async list(@Param('userId', { schema: UserId }) userId: UserId): Promise<PassView[]> {
    if (!(await this.dataSource.manager.existsBy(UserEntity, { id: userId }))) {
      throw new CkxError('user', 'USER_UNKNOWN', `There is no account ${userId}.`, { remedy: 'See GET /api/v1/admin/users.' });
    }
    return listPasses(this.dataSource, userId);
  }

  @Post('users/:userId/passes')
  @ApiOperation({
    summary: 'Give somebody a pass; once per `id` in the body, however often it is repeated',
    description: 'Its time begins when they activate it. 409 `PASS_ID_TAKEN` where the id is another pass’s.',
  })
  @Answers(PassView, { status: 201 })
  async grant(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('userId', { schema: UserId }) userId: UserId,
    @Body({ schema: GrantPassBody }) { id, type, reason }: GrantPassBody,
  ): Promise<PassView> {
    const pass = await inTransaction(this.dataSource, async (tx) => {
      const found = await grantPass(tx, userId, { id, type });
      const data = { userId, type };
      if (found.granted) await recordDeed(tx, { actorId, action: 'pass.grant', target: { kind: 'pass', id }, reason, data });
      return found.pass;
    });
    return this.tell(pass);
  }

  @Post('passes/:passId/revoke')
  @ApiOperation({
    summary: 'Take a pass away, for good; its owner reads the reason',
    description: 'A session that runs goes on to its end. 409 `PASS_OVER` where it opens nothing any more.',
  })
  @Answers(PassView)
  async revoke(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('passId', { schema: PassId }) id: PassId,
    @Body({ schema: ReasonBody }) { reason }: ReasonBody,
  ): Promise<PassView> {
    const pass = await inTransaction(this.dataSource, async (tx) => {
      const was = await revokePass(tx, id, reason);
      const revoked = await tx.findOneByOrFail(AccessPassEntity, { id });
      const data = { userId: revoked.userId, was };
      if (was !== null) await recordDeed(tx, { actorId, action: 'pass.revoke', target: { kind: 'pass', id }, reason, data });
      return revoked;
    });
    return this.tell(pass);
  }

  private async tell(pass: AccessPassRow): Promise<PassView> {
    await this.engine.passChanged(inputOf(pass));
    const view = (await listPasses(this.dataSource, pass.userId)).find(({ id }) => id === pass.id);
    if (view === undefined) throw new CkxError('user', 'PASS_UNKNOWN', 'The pass’s owner deleted their account meanwhile.');
    return view;
  }
}
