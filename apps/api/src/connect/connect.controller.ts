import { issueTicket, listRecordings, readRecording } from '@ckx/connections';
import { ConnectBody, ConnectionId, ConnectTicket, type ExamSessionId, offeredProtocols, RecordingView } from '@ckx/contracts';
import type { ApiConfig } from '@ckx/config';
import { authorizeConnection } from '@ckx/environment-access';
import { type DataSource } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { ApiSessionId, CountsAsActivity, OwnSession, SessionAccessGuard } from '../sessions/access.guard.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';

/** The way from a browser to a session's parts, and what was recorded of it. */
@ApiTags('sessions')
@ApiBearerAuth()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/sessions`)
export class ConnectController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Post(':id/connect')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({
    summary: 'A ticket for one connection to the terminal or the desktop',
    description:
      'Good for one WebSocket within 30 s: open `url` with `protocols` as its subprotocols. To resume a connection that was lost, ask for a fresh one.',
  })
  @Answers(ConnectTicket, { status: 201 })
  async connect(
    @CurrentUser() user: AuthenticatedUser,
    @OwnSession() examSessionId: ExamSessionId,
    @Body({ schema: ConnectBody }) { kind }: ConnectBody,
  ): Promise<ConnectTicket> {
    // The gateway asks the same again; who is refused here learns why without having to open a WebSocket for it.
    await authorizeConnection(this.dataSource, { user, examSessionId });
    const { ticket, expiresAt } = await issueTicket(this.dataSource, { userId: user.id, examSessionId, kind });
    const url = new URL(`${this.config.GATEWAY_URL.replace(/\/$/, '')}/ws/${kind}`);
    url.searchParams.set('session', examSessionId);
    return { ticket, url: url.href, protocols: offeredProtocols(ticket), expiresAt };
  }

  @Get(':id/recordings')
  @ApiSessionId()
  @ApiOperation({ summary: 'What was recorded of the session’s terminals, oldest first' })
  @Answers(RecordingView, { isArray: true })
  recordings(@OwnSession() id: ExamSessionId): Promise<RecordingView[]> {
    return listRecordings(this.dataSource, id);
  }

  @Get(':id/recordings/:recordingId')
  @ApiSessionId()
  @ApiParam({ name: 'recordingId', schema: { type: 'string', format: 'uuid' } })
  @ApiOperation({ summary: 'One recording: an asciicast, version 3' })
  @ApiProduces('application/x-asciicast')
  async recording(
    @OwnSession() id: ExamSessionId,
    @Param('recordingId', { schema: ConnectionId }) recordingId: ConnectionId,
    @Res() response: Response,
  ): Promise<void> {
    const content = await readRecording(this.dataSource, id, recordingId);
    response.setHeader('Content-Type', 'application/x-asciicast').setHeader('Content-Length', content.length);
    // What a candidate's programs printed is never to be taken for a page.
    response.setHeader('Content-Disposition', `attachment; filename="${recordingId}.cast"`).end(content);
  }
}
