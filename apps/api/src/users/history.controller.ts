import { HistoryEntry, HistoryPage, UserStats } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { toCsv } from './csv.ts';
import { HistoryQuery, readHistory, readWholeHistory } from './history.ts';
import { readStats } from './stats.ts';

const HEAD = [
  'attempt', 'session', 'lab', 'title', 'category', 'type', 'state', 'outcome', 'earned', 'possible', 'percent', 'provisional', 'passed',
  'started', 'ended', 'seconds', 'domains', 'mode',
]; // prettier-ignore

/** What a candidate's attempts came to. */
@ApiTags('users')
@ApiBearerAuth()
@Controller(`${API_V1}/users/me`)
export class HistoryController {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  @Get('history')
  @ApiOperation({ summary: 'Your attempts, newest first, page by page, with the score of each domain' })
  @Answers(HistoryPage)
  history(
    @CurrentUser() { id }: AuthenticatedUser,
    @Query({ schema: HistoryQuery }) query: z.infer<typeof HistoryQuery>,
  ): Promise<HistoryPage> {
    return readHistory(this.dataSource, id, query);
  }

  @Get('history.json')
  @ApiOperation({ summary: 'All your attempts as a JSON file' })
  @Answers(HistoryEntry, { isArray: true })
  async json(@CurrentUser() { id }: AuthenticatedUser, @Res({ passthrough: true }) response: Response): Promise<HistoryEntry[]> {
    const attempts = await readWholeHistory(this.dataSource, id);
    response.setHeader('Content-Disposition', 'attachment; filename="ckx-history.json"');
    return attempts;
  }

  @Get('history.csv')
  @ApiOperation({
    summary: 'All your attempts as a table',
    description: 'RFC 4180 in UTF-8; no cell begins as a formula of a spreadsheet does.',
  })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, description: 'A line for each attempt under a head.', schema: { type: 'string' } })
  async csv(@CurrentUser() { id }: AuthenticatedUser, @Res() response: Response): Promise<void> {
    const attempts = await readWholeHistory(this.dataSource, id);
    response.setHeader('Content-Disposition', 'attachment; filename="ckx-history.csv"');
    response.type('text/csv; charset=utf-8').send(toCsv(HEAD, attempts.map(toRow)));
  }

  @Get('stats')
  @ApiOperation({ summary: 'Best and average by category, weakest domains, trend' })
  @Answers(UserStats)
  stats(@CurrentUser() { id }: AuthenticatedUser): Promise<UserStats> {
    return readStats(this.dataSource, id);
  }
}

function toRow(entry: HistoryEntry): (string | number | boolean | null)[] {
  const { attemptId, examSessionId, labId, labTitle, category, type, state, outcome, earned, possible, percent } = entry;
  const { provisional, passed, startedAt, endedAt, durationSeconds, domains, mode } = entry;
  const parts = domains.map((part) => `${part.domain}: ${part.percent}%`).join('; ');
  const score = [earned, possible, percent, provisional, passed];
  return [
    attemptId,
    examSessionId,
    labId,
    labTitle,
    category,
    type,
    state,
    outcome,
    ...score,
    startedAt,
    endedAt,
    durationSeconds,
    parts,
    mode,
  ];
}
