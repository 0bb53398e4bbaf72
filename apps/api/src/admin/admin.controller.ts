import type { ApiConfig } from '@ckx/config';
import { AdminSessionView, type ExamSessionId, ExtendBody, PortStats, ReasonBody, SessionStatus, TerminateBody } from '@ckx/contracts';
import type { ClockView } from '@ckx/contracts/exam-session';
import { type DataSource } from '@ckx/persistence';
import { portStats } from '@ckx/port-allocation';
import { Body, Controller, Get, Inject, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { ApiSessionId, OwnSession, SessionAccessGuard } from '../sessions/access.guard.ts';
import { Clock } from '../sessions/live-status.ts';
import { ListQuery } from '../sessions/sessions.controller.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { SessionDeeds } from './session-deeds.ts';
import { listForAdministrators } from './session-list.ts';

const AdminListQuery = ListQuery.omit({ all: true }).extend({
  /** Only those that are not over. */
  active: z.stringbool().default(false),
});
type AdminListQuery = z.infer<typeof AdminListQuery>;

/** Everybody's sessions, and what administrators do to them. */
@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/admin`)
export class AdminController {
  constructor(
    private readonly deeds: SessionDeeds,
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get('sessions')
  @ApiOperation({ summary: 'Everybody’s sessions, newest first' })
  @Answers(AdminSessionView, { isArray: true })
  list(@Query({ schema: AdminListQuery }) query: AdminListQuery): Promise<AdminSessionView[]> {
    return listForAdministrators(this.dataSource, this.config, query);
  }

  @Post('sessions/:id/terminate')
  @ApiSessionId()
  @ApiOperation({ summary: 'End a session without grading; costs the candidate nothing' })
  @Answers(SessionStatus, { status: 202 })
  terminate(
    @CurrentUser() user: AuthenticatedUser,
    @OwnSession() id: ExamSessionId,
    @Body({ schema: TerminateBody }) { reason }: TerminateBody,
  ): Promise<SessionStatus> {
    return this.deeds.terminate(user.id, id, reason);
  }

  @Post('sessions/:id/extend')
  @ApiSessionId()
  @ApiOperation({ summary: 'Give more time; once per `id` in the body, however often it is repeated' })
  @Answers(Clock)
  extend(
    @CurrentUser() user: AuthenticatedUser,
    @OwnSession() id: ExamSessionId,
    @Body({ schema: ExtendBody }) body: ExtendBody,
  ): Promise<ClockView> {
    return this.deeds.giveTime(user.id, 'extension', id, body);
  }

  @Post('sessions/:id/credit')
  @ApiSessionId()
  @ApiOperation({
    summary: 'Give back time that was lost by a fault of ours; once per `id` in the body',
  })
  @Answers(Clock)
  credit(
    @CurrentUser() user: AuthenticatedUser,
    @OwnSession() id: ExamSessionId,
    @Body({ schema: ExtendBody }) body: ExtendBody,
  ): Promise<ClockView> {
    return this.deeds.giveTime(user.id, 'credit', id, body);
  }

  @Post('sessions/:id/void')
  @ApiSessionId()
  @ApiOperation({
    summary: 'Make a session’s attempt void; gives quota and pass time back',
    description: 'An open session is ended by it. 409 `GRADING_UNDER_WAY` while its attempt is being graded.',
  })
  @Answers(SessionStatus, { status: 202 })
  void(
    @CurrentUser() user: AuthenticatedUser,
    @OwnSession() id: ExamSessionId,
    @Body({ schema: ReasonBody }) { reason }: ReasonBody,
  ): Promise<SessionStatus> {
    return this.deeds.void(user.id, id, reason);
  }

  @Get('ports/stats')
  @ApiOperation({ summary: 'How many ports of each kind are taken, over all hosts' })
  @Answers(PortStats)
  portStats(): Promise<PortStats> {
    return portStats(this.dataSource);
  }
}
