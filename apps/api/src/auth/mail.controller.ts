import { ChangeEmailBody, ConfirmEmailBody, ForgotPasswordBody, ResetPasswordBody, VerifyEmailBody } from '@ckx/contracts';
import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersNothing } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import type { AuthenticatedUser } from './access-token.ts';
import { AccountMail } from './account-mail.ts';
import { CurrentUser, Public } from './auth.guard.ts';
import { CredentialThrottleGuard } from './throttle.ts';

@ApiTags('auth')
@UseGuards(CredentialThrottleGuard)
@Controller(`${API_V1}/auth`)
export class MailController {
  constructor(private readonly mail: AccountMail) {}

  @Post('send-verification')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Another mail with a link that confirms the e-mail address; one a minute at most' })
  @AnswersNothing()
  sendVerification(@CurrentUser() { id }: AuthenticatedUser): Promise<void> {
    return this.mail.sendVerification(id);
  }

  @Public()
  @Post('verify-email')
  @ApiOperation({ summary: 'Confirm the e-mail address with the token of the link' })
  @AnswersNothing()
  verifyEmail(@Body({ schema: VerifyEmailBody }) { token }: VerifyEmailBody): Promise<void> {
    return this.mail.verifyEmail(token);
  }

  @Public()
  @Post('forgot-password')
  @ApiOperation({
    summary: 'Ask for a mail with a link that sets a new password',
    description: 'The answer, and the time it takes, are the same whether there is such an account or not. One mail a minute at most.',
  })
  @AnswersNothing()
  forgotPassword(@Body({ schema: ForgotPasswordBody }) { email }: ForgotPasswordBody): Promise<void> {
    return this.mail.forgotPassword(email);
  }

  @Public()
  @Post('reset-password')
  @ApiOperation({ summary: 'Set a new password with the token of the link; signs every device out' })
  @AnswersNothing()
  resetPassword(@Body({ schema: ResetPasswordBody }) body: ResetPasswordBody): Promise<void> {
    return this.mail.resetPassword(body);
  }

  @Post('change-email')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Ask for another e-mail address: a mail goes there, and its link makes it the account’s',
    description: 'The answer is the same whether the address belongs to another account or not. One mail a minute at most.',
  })
  @AnswersNothing()
  changeEmail(@CurrentUser() { id }: AuthenticatedUser, @Body({ schema: ChangeEmailBody }) body: ChangeEmailBody): Promise<void> {
    return this.mail.changeEmail(id, body);
  }

  @Public()
  @Post('confirm-email')
  @ApiOperation({ summary: 'Make the new e-mail address the account’s with the token of the link; the old address is told' })
  @AnswersNothing()
  confirmEmail(@Body({ schema: ConfirmEmailBody }) { token }: ConfirmEmailBody): Promise<void> {
    return this.mail.confirmEmail(token);
  }
}
