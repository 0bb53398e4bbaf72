import { type ExamSessionId, LabId, LabRegradeReport, ReasonBody, RegradeReport } from '@ckx/contracts';
import { Body, Controller, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { ApiSessionId, OwnSession, SessionAccessGuard } from '../sessions/access.guard.ts';
import { Regrades } from './regrades.ts';

/** Attempts graded again by the lab as it is now, from the evidence that is kept. */
@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/admin`)
export class RegradeController {
  constructor(private readonly regrades: Regrades) {}

  @Post('sessions/:id/regrade')
  @ApiSessionId()
  @ApiOperation({
    summary: 'Grade an attempt again, by the lab as it is now',
    description:
      'From stored evidence; a statement says of each check for which that does not suffice what was done. Both results are kept, and the candidate is told. Repeated under the same pack it changes nothing. 404 `LAB_UNKNOWN`, 409 `GRADING_UNDER_WAY`, `NOTHING_TO_REGRADE`.',
  })
  @Answers(RegradeReport)
  session(
    @CurrentUser() user: AuthenticatedUser,
    @OwnSession() id: ExamSessionId,
    @Body({ schema: ReasonBody }) { reason }: ReasonBody,
  ): Promise<RegradeReport> {
    return this.regrades.ofSession(user.id, id, reason);
  }

  @Post('labs/:labId/regrade')
  @ApiOperation({
    summary: 'Grade all attempts of a lab again, by the lab as it is now',
    description:
      'As with one session, for graded attempts that are not graded by it yet; up to 200 in a call. `remaining` says how many are left for the next. 404 `LAB_UNKNOWN`.',
  })
  @Answers(LabRegradeReport)
  lab(
    @CurrentUser() user: AuthenticatedUser,
    @Param('labId', { schema: LabId }) labId: LabId,
    @Body({ schema: ReasonBody }) { reason }: ReasonBody,
  ): Promise<LabRegradeReport> {
    return this.regrades.ofLab(user.id, labId, reason);
  }
}
