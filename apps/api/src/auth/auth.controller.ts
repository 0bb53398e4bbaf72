import { LoginBody, RefreshBody, RegisterBody, TokenPair, UserView } from '@ckx/contracts';
import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Public } from './auth.guard.ts';
import { AuthService } from './auth.service.ts';
import { CredentialThrottleGuard } from './throttle.ts';
import { toUserView } from './user-view.ts';

@ApiTags('auth')
@Public()
@UseGuards(CredentialThrottleGuard)
@Controller(`${API_V1}/auth`)
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('register')
  @ApiOperation({ summary: 'Open an account' })
  @Answers(UserView, { status: 201 })
  async register(@Body({ schema: RegisterBody }) body: RegisterBody): Promise<UserView> {
    return toUserView(await this.auth.register(body));
  }

  @Post('login')
  @ApiOperation({ summary: 'Sign in' })
  @Answers(TokenPair)
  login(@Body({ schema: LoginBody }) body: LoginBody): Promise<TokenPair> {
    return this.auth.login(body);
  }

  @Post('refresh')
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'Each refresh token is used once. Use of a used one signs the whole family out, but for the first ten seconds, so that two tabs do not sign each other out.',
  })
  @Answers(TokenPair)
  refresh(@Body({ schema: RefreshBody }) body: RefreshBody): Promise<TokenPair> {
    return this.auth.refresh(body.refreshToken);
  }

  @Post('logout')
  @ApiOperation({ summary: 'Sign out: revokes the refresh token and all of its family' })
  @AnswersNothing()
  async logout(@Body({ schema: RefreshBody }) body: RefreshBody): Promise<void> {
    await this.auth.logout(body.refreshToken);
  }
}
