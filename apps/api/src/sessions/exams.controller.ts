import { ExamPorts, type ExamSessionId, SessionView } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Controller, Get, HttpStatus, Inject, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { ApiSessionId, OwnSession, SessionAccessGuard } from './access.guard.ts';
import { readPlace } from './place.ts';
import { SessionsService } from './sessions.service.ts';

const MOST = 500;

@ApiTags('exams')
@ApiBearerAuth()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/exams`)
export class ExamsController {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get('active')
  @ApiOperation({ summary: 'Sessions that are not over: your own, or everybody’s for an administrator' })
  @Answers(SessionView, { isArray: true })
  active(@CurrentUser() user: AuthenticatedUser): Promise<SessionView[]> {
    return this.sessions.list({ userId: user.role === 'admin' ? undefined : user.id, active: true, limit: MOST });
  }

  @Get('current')
  @ApiOperation({ summary: 'Your session whose clock runs; `null` when there is none' })
  @ApiResponse({ status: 200, standardSchema: SessionView.nullable() })
  async current(@CurrentUser() user: AuthenticatedUser, @Res() response: Response): Promise<void> {
    // Nest would answer null with an empty body, which is no JSON.
    response.status(HttpStatus.OK).json(SessionView.nullable().parse(await this.sessions.running(user.id)));
  }

  @Get(':id/ports')
  @ApiSessionId()
  @ApiOperation({ summary: 'The session’s ports on its host' })
  @Answers(ExamPorts)
  async ports(@OwnSession() id: ExamSessionId): Promise<ExamPorts> {
    const { ports } = await readPlace(this.dataSource.manager, await this.sessions.find(id));
    return { examSessionId: id, ports };
  }
}
