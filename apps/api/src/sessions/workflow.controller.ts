import { EnvironmentUse, type ExamSessionId, ExtendBody, SessionEvent, SshKey } from '@ckx/contracts';
import type { ClockView, ExamSessionStatus } from '@ckx/contracts/exam-session';
import { type DataSource } from '@ckx/persistence';
import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  type MessageEvent,
  type OnModuleDestroy,
  Post,
  Sse,
  SseSignal,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { from, type Observable } from 'rxjs';
import { z } from 'zod';
import { SessionDeeds } from '../admin/session-deeds.ts';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { ApiSessionId, CountsAsActivity, OwnSession, SessionAccessGuard } from './access.guard.ts';
import { Engine } from './engine.ts';
import { streamEvents } from './event-stream.ts';
import { Clock, LiveStatus } from './live-status.ts';
import { readPlace } from './place.ts';
import { SessionsService } from './sessions.service.ts';
import { issueSshKey } from './ssh-key.ts';

/** As EventSource sends it back; anything else begins at the beginning. */
const LastEventId = z.coerce.number().int().nonnegative().catch(0);

/** What of a session speaks to its workflow, or goes on for as long as it does. */
@ApiTags('sessions')
@ApiBearerAuth()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/sessions`)
export class WorkflowController implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(
    private readonly engine: Engine,
    private readonly deeds: SessionDeeds,
    private readonly sessions: SessionsService,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** Streams would otherwise keep the server from closing. */
  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  @Get(':id/live')
  @ApiSessionId()
  @ApiOperation({ summary: 'The workflow’s own view; 503 while the engine does not answer' })
  @Answers(LiveStatus)
  live(@OwnSession() id: ExamSessionId): Promise<ExamSessionStatus> {
    return this.engine.live(id);
  }

  @Get(':id/inspect')
  @ApiSessionId()
  @ApiOperation({ summary: 'Limits and use of the environment’s containers, asked of its host' })
  @Answers(EnvironmentUse)
  async inspect(@OwnSession() id: ExamSessionId): Promise<EnvironmentUse> {
    await readPlace(this.dataSource.manager, await this.sessions.find(id));
    return this.engine.inspect(id);
  }

  @Sse(':id/events')
  @ApiSessionId()
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Go on after this event.' })
  @ApiProduces('text/event-stream')
  @ApiOperation({
    summary: 'What happens in the session, as server-sent events',
    description: 'Each event’s `data` is a SessionEvent. The last one is `end`: session, grading and environment are over.',
  })
  @ApiResponse({ status: 200, standardSchema: SessionEvent })
  events(
    @OwnSession() id: ExamSessionId,
    @Headers('last-event-id') lastEventId: unknown,
    @SseSignal() signal: AbortSignal,
  ): Observable<MessageEvent> {
    return from(streamEvents(this.dataSource, id, LastEventId.parse(lastEventId), AbortSignal.any([signal, this.shutdown.signal])));
  }

  @Post(':id/extend')
  @AdminOnly()
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

  @Post(':id/ssh-key')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({ summary: 'A key pair for your own SSH client; given once' })
  @Answers(SshKey, { status: 201 })
  sshKey(@OwnSession() id: ExamSessionId): Promise<SshKey> {
    return issueSshKey(this.dataSource, this.engine, id);
  }
}
