import { LoginBody, RefreshBody, RegisterBody, SignIn, UserView } from '@ckx/contracts';
import { Body, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Answers, AnswersNothing } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Public } from './auth.guard.ts';
import { AuthService } from './auth.service.ts';
import { RefreshCookie } from './refresh-cookie.ts';
import { refreshTokenInvalid } from './refresh-tokens.ts';
import { CredentialThrottleGuard } from './throttle.ts';
import { toUserView } from './user-view.ts';

@ApiTags('auth')
@Public()
@UseGuards(CredentialThrottleGuard)
@Controller(`${API_V1}/auth`)
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly cookie: RefreshCookie,
  ) {}

  @Post('register')
  @ApiOperation({ summary: 'Open an account' })
  @Answers(UserView, { status: 201 })
  async register(@Body({ schema: RegisterBody }) body: RegisterBody): Promise<UserView> {
    return toUserView(await this.auth.register(body));
  }

  @Post('login')
  @ApiOperation({
    summary: 'Sign in',
    description: 'A browser asks for the refresh token in a cookie, which its scripts cannot read; all others get it in the answer.',
  })
  @Answers(SignIn)
  async login(
    @Body({ schema: LoginBody }) body: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    if (body.refreshTokenIn === 'body') return this.auth.login(body);
    this.cookie.assertOurs(request);
    return this.cookie.keep(response, await this.auth.login(body));
  }

  @Post('refresh')
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'Each refresh token is used once. Use of a used one signs the whole family out, but for the first ten seconds, in which it is answered with the same successor, so that two tabs do not sign each other out. Without a token in the body it is taken from the cookie, and the next one goes there.',
  })
  @Answers(SignIn)
  async refresh(
    @Body({ schema: RefreshBody }) { refreshToken }: RefreshBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    if (refreshToken !== undefined) return this.auth.refresh(refreshToken);
    const kept = this.cookie.read(request);
    if (kept === null) throw refreshTokenInvalid();
    return this.cookie.keep(response, await this.auth.refresh(kept));
  }

  @Post('logout')
  @ApiOperation({ summary: 'Sign this device out: revokes the refresh token and all of its family' })
  @AnswersNothing()
  async logout(
    @Body({ schema: RefreshBody }) { refreshToken }: RefreshBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const token = refreshToken ?? this.cookie.read(request);
    if (token !== null) await this.auth.logout(token);
    if (refreshToken === undefined) this.cookie.forget(response);
  }
}
