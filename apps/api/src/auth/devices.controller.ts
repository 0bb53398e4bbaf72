import { ChangePasswordBody, SignIn, SignInView } from '@ckx/contracts';
import { Body, Controller, Delete, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Answers, AnswersNothing } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import type { AuthenticatedUser } from './access-token.ts';
import { CurrentUser } from './auth.guard.ts';
import { AuthService } from './auth.service.ts';
import { RefreshCookie } from './refresh-cookie.ts';
import { SignIns } from './sign-ins.ts';
import { CredentialThrottleGuard } from './throttle.ts';

/** What signs all devices of an account out; below /auth, where the cookie goes. */
@ApiTags('auth')
@ApiBearerAuth()
@Controller(`${API_V1}/auth`)
export class DevicesController {
  constructor(
    private readonly auth: AuthService,
    private readonly cookie: RefreshCookie,
    private readonly signIns: SignIns,
  ) {}

  @Get('sign-ins')
  @ApiOperation({ summary: 'Where you are signed in, the one used last first' })
  @Answers(SignInView, { isArray: true })
  list(@CurrentUser() { id }: AuthenticatedUser, @Req() request: Request): Promise<SignInView[]> {
    return this.signIns.list(id, this.cookie.peek(request));
  }

  @Delete('sign-ins/:signInId')
  @ApiOperation({
    summary: 'Sign one device out',
    description: 'It gets no access token any more; the one that it has is good for a quarter of an hour at most.',
  })
  @AnswersNothing()
  end(@CurrentUser() { id }: AuthenticatedUser, @Param('signInId', { schema: z.uuid() }) signInId: string): Promise<void> {
    return this.signIns.end(id, signInId);
  }

  @Post('logout-all')
  @ApiOperation({ summary: 'Sign every device out, this one too: no token made before is good for anything' })
  @AnswersNothing()
  async logoutAll(@CurrentUser() { id }: AuthenticatedUser, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.auth.logoutEverywhere(id);
    this.cookie.forget(response);
  }

  @Post('change-password')
  @UseGuards(CredentialThrottleGuard)
  @ApiOperation({ summary: 'Change the password: every device is signed out, and this one in again' })
  @Answers(SignIn)
  async changePassword(
    @CurrentUser() { id }: AuthenticatedUser,
    @Body({ schema: ChangePasswordBody }) body: ChangePasswordBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    if (body.refreshTokenIn === 'cookie') this.cookie.assertOurs(request);
    const tokens = await this.auth.changePassword(id, body);
    return body.refreshTokenIn === 'cookie' ? this.cookie.keep(response, tokens) : tokens;
  }
}
