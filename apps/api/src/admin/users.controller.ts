import { AdminUserView, ExtraTimeBody, Role, SetDisabledBody, SetRoleBody, UserId, UserPage } from '@ckx/contracts';
import { type DataSource, UserEntity } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { toAdminView, UserDeeds, userUnknown } from './user-deeds.ts';

const UsersQuery = z.object({
  /** Part of the address. */
  email: z.string().max(254).toLowerCase().default(''),
  /** Part of the name. */
  name: z.string().max(100).toLowerCase().default(''),
  role: Role.optional(),
  disabled: z.stringbool().optional(),
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
  constructor(
    private readonly deeds: UserDeeds,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Accounts by e-mail address' })
  @Answers(UserPage)
  async list(@Query({ schema: UsersQuery }) { email, name, role, disabled, after, limit }: UsersQuery): Promise<UserPage> {
    const asked = this.dataSource.manager
      .createQueryBuilder(UserEntity, 'u')
      // Neither % nor _ of an address means anything.
      .where('strpos(u.email, :email) > 0 AND strpos(lower(u.name), :name) > 0 AND u.email > :after', { email, name, after });
    if (role !== undefined) asked.andWhere('u.role = :role', { role });
    if (disabled !== undefined) asked.andWhere(disabled ? 'u.disabledAt IS NOT NULL' : 'u.disabledAt IS NULL');
    const found = await asked
      .orderBy('u.email')
      .limit(limit + 1)
      .getMany();
    const users = found.slice(0, limit).map(toAdminView);
    return { users, next: found.length > limit ? (users.at(-1)?.email ?? null) : null };
  }

  @Get(':userId')
  @ApiOperation({ summary: 'One account' })
  @Answers(AdminUserView)
  async one(@Param('userId', { schema: UserId }) id: UserId): Promise<AdminUserView> {
    const user = await this.dataSource.manager.findOneBy(UserEntity, { id });
    if (user === null) throw userUnknown(id);
    return toAdminView(user);
  }

  @Put(':userId/extra-time')
  @ApiOperation({ summary: 'More time on every exam that this candidate starts from now on, in percent of its duration' })
  @Answers(AdminUserView)
  setExtraTime(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('userId', { schema: UserId }) id: UserId,
    @Body({ schema: ExtraTimeBody }) body: ExtraTimeBody,
  ): Promise<AdminUserView> {
    return this.deeds.setExtraTime(actorId, id, body);
  }

  @Put(':userId/role')
  @ApiOperation({
    summary: 'Make a candidate an administrator, or an administrator a candidate',
    description: '409 `LAST_ADMIN` for the only one.',
  })
  @Answers(AdminUserView)
  setRole(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('userId', { schema: UserId }) id: UserId,
    @Body({ schema: SetRoleBody }) body: SetRoleBody,
  ): Promise<AdminUserView> {
    return this.deeds.setRole(actorId, id, body);
  }

  @Put(':userId/disabled')
  @ApiOperation({
    summary: 'Disable an account, or enable it again',
    description:
      'A disabled account is signed out everywhere at once, and its session ends as by POST /api/v1/admin/sessions/:id/terminate, unless it was handed in before. 409 `LAST_ADMIN` for the only administrator.',
  })
  @Answers(AdminUserView)
  setDisabled(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('userId', { schema: UserId }) id: UserId,
    @Body({ schema: SetDisabledBody }) body: SetDisabledBody,
  ): Promise<AdminUserView> {
    return this.deeds.setDisabled(actorId, id, body);
  }
}
