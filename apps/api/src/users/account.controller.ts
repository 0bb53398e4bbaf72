import { AccountExport, DeleteAccountBody } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { CredentialThrottleGuard } from '../auth/throttle.ts';
import { Answers, AnswersNothing } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { deleteAccount } from './deletion.ts';
import { exportAccount } from './export.ts';

/** What is kept about a person: handed out, and erased. */
@ApiTags('users')
@ApiBearerAuth()
@UseGuards(CredentialThrottleGuard)
@Controller(`${API_V1}/users/me`)
export class AccountController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly engine: Engine,
  ) {}

  @Get('export')
  @ApiOperation({ summary: 'Everything that is kept about you, as one JSON file' })
  @Answers(AccountExport)
  export(@CurrentUser() { id }: AuthenticatedUser, @Res({ passthrough: true }) response: Response): Promise<AccountExport> {
    response.setHeader('Content-Disposition', 'attachment; filename="ckx-account.json"');
    return exportAccount(this.dataSource, id);
  }

  @Post('delete')
  @ApiOperation({
    summary: 'Delete your account: sessions, results, passes, mails and tokens go with it at once',
    description:
      'A pass with time left is gone as well. Payments stay for the books, without your person. 409 `SESSION_ACTIVE` while a session is open, `SESSION_ENDING` while one is being graded or cleared away.',
  })
  @AnswersNothing()
  async delete(
    @CurrentUser() { id }: AuthenticatedUser,
    @Body({ schema: DeleteAccountBody }) { password }: DeleteAccountBody,
  ): Promise<void> {
    await this.engine.passesGone(await deleteAccount(this.dataSource, id, password));
  }
}
