import {
  AttemptResult,
  CkxError,
  CreateSessionBody,
  type ExamSessionId,
  QuestionView,
  SessionPorts,
  SessionRouting,
  SessionStats,
  SessionStatus,
  SessionView,
} from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Body, Controller, Delete, Get, Inject, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { ApiSessionId, CountsAsActivity, OwnSession, SessionAccessGuard } from './access.guard.ts';
import { readPlace, readRouting } from './place.ts';
import { SessionsService } from './sessions.service.ts';

export const ListQuery = z.object({
  /** Everybody's, for an administrator; `?all` alone says yes. */
  all: z
    .enum(['', 'true', 'false'])
    .transform((value) => value !== 'false')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListQuery = z.infer<typeof ListQuery>;

@ApiTags('sessions')
@ApiBearerAuth()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/sessions`)
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Start a session of a lab',
    description:
      'Answers at once; follow `/status` or `/events`. 409 `SESSION_ACTIVE` names the session you already have, 403 `PASS_REQUIRED` a pass that waits to be activated and where the prices are, 503 `QUEUE_FULL` gives the statistics.',
  })
  @Answers(SessionView, { status: 202 })
  async create(
    @CurrentUser() user: AuthenticatedUser,
    @Body({ schema: CreateSessionBody }) body: CreateSessionBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView> {
    const session = await this.sessions.create(user, body);
    response.location(`/api/v1/sessions/${session.examSessionId}`);
    return session;
  }

  @Get()
  @ApiOperation({ summary: 'Your sessions, newest first; everybody’s with `all` for an administrator' })
  @Answers(SessionView, { isArray: true })
  list(@CurrentUser() user: AuthenticatedUser, @Query({ schema: ListQuery }) { all, limit }: ListQuery): Promise<SessionView[]> {
    if (all === true && user.role !== 'admin') throw new CkxError('user', 'ADMIN_ONLY', 'Only an administrator sees everybody’s sessions.');
    return this.sessions.list({ userId: all === true ? undefined : user.id, limit });
  }

  @Get('stats')
  @ApiOperation({ summary: 'How full the installation is' })
  @Answers(SessionStats)
  stats(): Promise<SessionStats> {
    return this.sessions.stats();
  }

  @Get(':id')
  @ApiSessionId()
  @ApiOperation({ summary: 'A session and its clock' })
  @Answers(SessionView)
  one(@OwnSession() id: ExamSessionId): Promise<SessionView> {
    return this.sessions.view(id);
  }

  @Get(':id/status')
  @ApiSessionId()
  @ApiOperation({ summary: 'What is happening, from Postgres: the one source of truth for a client' })
  @Answers(SessionStatus)
  status(@OwnSession() id: ExamSessionId): Promise<SessionStatus> {
    return this.sessions.status(id);
  }

  @Get(':id/questions')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({ summary: 'The questions, once the session is ready' })
  @Answers(QuestionView, { isArray: true })
  questions(@OwnSession() id: ExamSessionId): Promise<QuestionView[]> {
    return this.sessions.questions(id);
  }

  @Get(':id/routing')
  @ApiSessionId()
  @ApiOperation({ summary: 'How the session’s terminal is reached' })
  @Answers(SessionRouting)
  async routing(@OwnSession() id: ExamSessionId): Promise<SessionRouting> {
    return readRouting(this.dataSource.manager, await this.sessions.find(id));
  }

  @Get(':id/ports')
  @ApiSessionId()
  @ApiOperation({ summary: 'The session’s ports on its host' })
  @Answers(SessionPorts)
  async ports(@OwnSession() id: ExamSessionId): Promise<SessionPorts> {
    return (await readPlace(this.dataSource.manager, await this.sessions.find(id))).ports;
  }

  @Post(':id/start')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({ summary: 'Start the clock of a ready session' })
  @Answers(SessionStatus, { status: 202 })
  start(@OwnSession() id: ExamSessionId): Promise<SessionStatus> {
    return this.sessions.request(id, { kind: 'start' });
  }

  @Post(':id/submit')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({ summary: 'Hand in: the session ends and is graded' })
  @Answers(SessionStatus, { status: 202 })
  submit(@OwnSession() id: ExamSessionId): Promise<SessionStatus> {
    return this.sessions.request(id, { kind: 'submit' });
  }

  @Get(':id/result')
  @ApiSessionId()
  @ApiOperation({ summary: 'The attempt, as far as it is graded' })
  @Answers(AttemptResult)
  result(@OwnSession() id: ExamSessionId): Promise<AttemptResult> {
    return this.sessions.result(id);
  }

  @Delete(':id')
  @ApiSessionId()
  @ApiOperation({ summary: 'Give up: the session ends without being graded' })
  @Answers(SessionStatus, { status: 202 })
  cancel(@OwnSession() id: ExamSessionId): Promise<SessionStatus> {
    return this.sessions.request(id, { kind: 'terminate', outcome: 'cancelled', reason: 'Cancelled by the candidate.' });
  }
}
