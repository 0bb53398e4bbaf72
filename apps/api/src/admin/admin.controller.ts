import { type ExamSessionId, ExtendBody, PortStats, SessionStatus, SessionView, TerminateBody } from '@ckx/contracts';
import type { ClockView } from '@ckx/contracts/exam-session';
import { type DataSource } from '@ckx/persistence';
import { portStats } from '@ckx/port-allocation';
import { Body, Controller, Get, Inject, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { ApiSessionId, OwnSession, SessionAccessGuard } from '../sessions/access.guard.ts';
import { Engine } from '../sessions/engine.ts';
import { Clock } from '../sessions/live-status.ts';
import { ListQuery } from '../sessions/sessions.controller.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { DATA_SOURCE } from '../tokens.ts';

const AdminListQuery = ListQuery.omit({ all: true }).extend({
  /** Only those that are not over. */
  active: z.stringbool().default(false),
});
type AdminListQuery = z.infer<typeof AdminListQuery>;

@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/admin`)
export class AdminController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly engine: Engine,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get('sessions')
  @ApiOperation({ summary: 'Everybody’s sessions, newest first' })
  @Answers(SessionView, { isArray: true })
  list(@Query({ schema: AdminListQuery }) { active, limit }: AdminListQuery): Promise<SessionView[]> {
    return this.sessions.list({ active, limit });
  }

  @Post('sessions/:id/terminate')
  @ApiSessionId()
  @ApiOperation({ summary: 'End a session without grading; costs the candidate nothing' })
  @Answers(SessionStatus, { status: 202 })
  terminate(@OwnSession() id: ExamSessionId, @Body({ schema: TerminateBody }) { reason }: TerminateBody): Promise<SessionStatus> {
    return this.sessions.request(id, { kind: 'terminate', outcome: 'terminated_by_admin', reason });
  }

  @Post('sessions/:id/extend')
  @ApiSessionId()
  @ApiOperation({ summary: 'Give more time; once per `id` in the body, however often it is repeated' })
  @Answers(Clock)
  extend(@OwnSession() id: ExamSessionId, @Body({ schema: ExtendBody }) body: ExtendBody): Promise<ClockView> {
    return this.engine.extend(id, body);
  }

  @Get('ports/stats')
  @ApiOperation({ summary: 'How many ports of each kind are taken, over all hosts' })
  @Answers(PortStats)
  portStats(): Promise<PortStats> {
    return portStats(this.dataSource);
  }
}
