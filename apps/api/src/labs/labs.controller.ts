import { CkxError, LabCategory, LabId, LabSummary, LabType } from '@ckx/contracts';
import type { Catalog } from '@ckx/lab-packs';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser, OptionalAuth } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { CATALOG } from '../tokens.ts';

const LabsQuery = z.object({ type: LabType.optional(), category: LabCategory.optional() });
type LabsQuery = z.infer<typeof LabsQuery>;

@ApiTags('labs')
@ApiBearerAuth()
@OptionalAuth()
@Controller(`${API_V1}/labs`)
export class LabsController {
  constructor(@Inject(CATALOG) private readonly catalog: Catalog) {}

  @Get()
  @ApiOperation({ summary: 'The labs on offer; without an account, mock labs only' })
  @Answers(LabSummary, { isArray: true })
  list(@CurrentUser() user: AuthenticatedUser | null, @Query({ schema: LabsQuery }) { type, category }: LabsQuery): LabSummary[] {
    return this.visible(user).filter((lab) => (type ?? lab.type) === lab.type && (category ?? lab.category) === lab.category);
  }

  @Get(':labId')
  @ApiOperation({ summary: 'One lab' })
  @Answers(LabSummary)
  one(@CurrentUser() user: AuthenticatedUser | null, @Param('labId', { schema: LabId }) labId: LabId): LabSummary {
    const lab = this.visible(user).find(({ id }) => id === labId);
    if (lab !== undefined) return lab;
    throw new CkxError('user', 'LAB_UNKNOWN', `There is no lab ${labId}.`, { remedy: 'See GET /api/v1/labs; some need an account.' });
  }

  private visible(user: AuthenticatedUser | null): LabSummary[] {
    return this.catalog
      .list()
      .map(({ summary }) => summary)
      .filter(({ type }) => user !== null || type === 'mock');
  }
}
