import { ProfileBody, UserView } from '@ckx/contracts';
import { type DataSource, UserEntity } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import type { AuthenticatedUser } from './access-token.ts';
import { CurrentUser } from './auth.guard.ts';
import { toUserView } from './user-view.ts';

@ApiTags('users')
@ApiBearerAuth()
@Controller(`${API_V1}/users`)
export class UsersController {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  @Get('me')
  @ApiOperation({ summary: 'The signed-in account' })
  @Answers(UserView)
  async me(@CurrentUser() { id }: AuthenticatedUser): Promise<UserView> {
    return toUserView(await this.dataSource.manager.findOneByOrFail(UserEntity, { id }));
  }

  @Patch('me')
  @ApiOperation({ summary: 'Change what the account is called' })
  @Answers(UserView)
  async setProfile(@CurrentUser() user: AuthenticatedUser, @Body({ schema: ProfileBody }) { name }: ProfileBody): Promise<UserView> {
    await this.dataSource.manager.update(UserEntity, { id: user.id }, { name });
    return this.me(user);
  }
}
