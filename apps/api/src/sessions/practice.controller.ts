import { CheckedQuestion, type ExamSessionId, Position, QuestionHelp, QuestionObjects } from '@ckx/contracts';
import { Controller, Get, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { ApiSessionId, CountsAsActivity, OwnSession, SessionAccessGuard } from './access.guard.ts';
import { Practice } from './practice.ts';

const REFUSED = '404 `POSITION_UNKNOWN` for a question that the session does not have, 409 `PRACTICE_ONLY` in an exam';

/** Single questions of a session: help while it is practised, evidence once it is graded. */
@ApiTags('sessions')
@ApiBearerAuth()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/sessions/:id/questions/:position`)
export class PracticeController {
  constructor(private readonly practice: Practice) {}

  @Post('check')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({
    summary: 'Run the checks of a question now, in practice',
    description: `Answers when they are done. ${REFUSED}, \`SESSION_NOT_RUNNING\`, or \`CHECK_UNDER_WAY\` (one at a time in a session); 429 \`CHECKED_JUST_NOW\` within 5 s of the last; 503 \`CHECK_NOT_FINISHED\` where it takes long: its result will be in \`help\`.`,
  })
  @Answers(CheckedQuestion)
  check(@OwnSession() id: ExamSessionId, @Param('position', { schema: Position }) position: number): Promise<CheckedQuestion> {
    return this.practice.check(id, position);
  }

  @Post('hints')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({
    summary: 'Show the next hint of a question, in practice',
    description: `${REFUSED}, \`SESSION_NOT_RUNNING\`, or \`NO_HINTS_LEFT\`.`,
  })
  @Answers(QuestionHelp)
  hint(@OwnSession() id: ExamSessionId, @Param('position', { schema: Position }) position: number): Promise<QuestionHelp> {
    return this.practice.hint(id, position);
  }

  @Get('help')
  @ApiSessionId()
  @ApiOperation({
    summary: 'The help that a question has given: hints, the last run of its checks, and after an honest try its solution',
    description: `Also after the end. ${REFUSED}.`,
  })
  @Answers(QuestionHelp)
  help(@OwnSession() id: ExamSessionId, @Param('position', { schema: Position }) position: number): Promise<QuestionHelp> {
    return this.practice.help(id, position);
  }

  @Get('objects')
  @ApiSessionId()
  @ApiOperation({
    summary: 'The objects of a question’s namespace as they were when it was graded',
    description: 'Without the data of secrets. 404 `OBJECTS_UNKNOWN` where none were kept.',
  })
  @Answers(QuestionObjects)
  objects(@OwnSession() id: ExamSessionId, @Param('position', { schema: Position }) position: number): Promise<QuestionObjects> {
    return this.practice.objects(id, position);
  }
}
