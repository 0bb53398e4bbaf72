import { AdminUserView, CkxError, ExtraTimeBody, UserId, UserPage } from '@ckx/contracts';
import { type DataSource, inTransaction, UserEntity, type UserRow } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { toUserView } from '../auth/user-view.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { recordDeed } from './audit.ts';

const UsersQuery = z.object({
  /** Part of the address. */
  email: z.string().max(254).toLowerCase().default(''),
  /** Addresses after this one. */
  after: z.string().max(254).toLowerCase().default(''),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
type UsersQuery = z.infer<typeof UsersQuery>;

@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@Controller(`${API_V1}/admin/users`)
export class AdminUsersController {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  @Get()
  @ApiOperation({ summary: 'Accounts by e-mail address' })
  @Answers(UserPage)
  async list(@Query({ schema: UsersQuery }) { email, after, limit }: UsersQuery): Promise<UserPage> {
    const found = await this.dataSource.manager
      .createQueryBuilder(UserEntity, 'u')
      // Neither % nor _ of an address means anything.
      .where('strpos(u.email, :email) > 0 AND u.email > :after', { email, after })
      .orderBy('u.email')
      .limit(limit + 1)
      .getMany();
    const users = found.slice(0, limit).map(toAdminView);
    return { users, next: found.length > limit ? (users.at(-1)?.email ?? null) : null };
  }

  @Put(':userId/extra-time')
  @ApiOperation({ summary: 'More time on every exam that this candidate starts from now on, in percent of its duration' })
  @Answers(AdminUserView)
  async setExtraTime(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('userId', { schema: UserId }) id: UserId,
    @Body({ schema: ExtraTimeBody }) { percent, reason }: ExtraTimeBody,
  ): Promise<AdminUserView> {
    return await inTransaction(this.dataSource, async (tx) => {
      const user = await tx.findOne(UserEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (user === null)
        throw new CkxError('user', 'USER_UNKNOWN', `There is no account ${id}.`, { remedy: 'See GET /api/v1/admin/users.' });
      if (user.extraTimePercent !== percent) {
        await tx.update(UserEntity, id, { extraTimePercent: percent });
        const data = { from: user.extraTimePercent, to: percent };
        await recordDeed(tx, { actorId, action: 'user.extra_time', target: { kind: 'user', id }, reason, data });
      }
      return toAdminView({ ...user, extraTimePercent: percent });
    });
  }
}

function toAdminView(user: UserRow): AdminUserView {
  return { ...toUserView(user), extraTimePercent: user.extraTimePercent, disabled: user.disabledAt !== null };
}
