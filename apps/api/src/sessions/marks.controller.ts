import { type ExamSessionId, Flag, FlagBody, Flags, Note, NoteBody, Notes, Position } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Param, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { ApiSessionId, CountsAsActivity, OwnerOnly, OwnSession, SessionAccessGuard } from './access.guard.ts';
import { readFlags, readNotes, writeFlag, writeNote } from './marks.ts';

const WRITING =
  '404 `POSITION_UNKNOWN` for a question that the session does not have, 409 `SESSION_NOT_READY`, `SESSION_OVER` or `DEADLINE_PASSED` while it is not open.';

/** What a candidate notes and flags while sitting a session; for their eyes alone. */
@ApiTags('sessions')
@ApiBearerAuth()
@UseGuards(SessionAccessGuard)
@Controller(`${API_V1}/sessions`)
export class MarksController {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  @Get(':id/notes')
  @OwnerOnly()
  @ApiSessionId()
  @ApiOperation({ summary: 'Your notes, by question; also after the end' })
  @Answers(Notes)
  notes(@OwnSession() id: ExamSessionId): Promise<Notes> {
    return readNotes(this.dataSource, id);
  }

  @Put(':id/notes/:position')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({ summary: 'Write the note of a question; an empty text removes it', description: WRITING })
  @Answers(Note)
  writeNote(
    @OwnSession() id: ExamSessionId,
    @Param('position', { schema: Position }) position: number,
    @Body({ schema: NoteBody }) { text }: NoteBody,
  ): Promise<Note> {
    return writeNote(this.dataSource, id, position, text);
  }

  @Get(':id/flags')
  @OwnerOnly()
  @ApiSessionId()
  @ApiOperation({ summary: 'Which questions you flagged, and when you first opened them; also after the end' })
  @Answers(Flags)
  flags(@OwnSession() id: ExamSessionId): Promise<Flags> {
    return readFlags(this.dataSource, id);
  }

  @Put(':id/flags/:position')
  @CountsAsActivity()
  @ApiSessionId()
  @ApiOperation({ summary: 'Flag a question, or say that it was opened; what is left out stays as it is', description: WRITING })
  @Answers(Flag)
  writeFlag(
    @OwnSession() id: ExamSessionId,
    @Param('position', { schema: Position }) position: number,
    @Body({ schema: FlagBody }) body: FlagBody,
  ): Promise<Flag> {
    return writeFlag(this.dataSource, id, position, body);
  }
}
