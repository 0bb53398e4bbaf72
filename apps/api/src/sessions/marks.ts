/** What a candidate notes about the questions of a session, and flags. */
import { CkxError, type ExamSessionId, Flag, type FlagBody, type Flags, type LabPin, Note, type Notes } from '@ckx/contracts';
import { mayBeOpen } from '@ckx/environment-access';
import { type DataSource, type EntityManager, ExamSessionEntity, type ExamSessionRow, inTransaction } from '@ckx/persistence';
import { z } from 'zod';

const timestamp = z.date().transform((date) => date.toISOString());

const NoteRows = z.array(Note.extend({ updatedAt: timestamp }));
const FlagRows = z.array(Flag.extend({ openedAt: timestamp.nullable() }));

const NOTE = 'position, note AS text, note_updated_at AS "updatedAt"';
const FLAG = 'position, flagged, opened_at AS "openedAt"';

/** @throws CkxError `POSITION_UNKNOWN`. */
export function questionAt({ lab }: Pick<ExamSessionRow, 'lab'>, position: number): LabPin['questions'][number] {
  const question = lab.questions[position - 1];
  if (question !== undefined) return question;
  const { length } = lab.questions;
  throw new CkxError('user', 'POSITION_UNKNOWN', `This session has no question ${position}: there are ${length}.`, {
    remedy: 'Questions count from 1; see GET /api/v1/sessions/:id/questions.',
  });
}

export async function readNotes(dataSource: DataSource, id: ExamSessionId): Promise<Notes> {
  const sql = `SELECT ${NOTE} FROM question_marks WHERE exam_session_id = $1 AND note <> '' ORDER BY position`;
  return { notes: NoteRows.parse(await dataSource.query(sql, [id])) };
}

export async function readFlags(dataSource: DataSource, id: ExamSessionId): Promise<Flags> {
  const sql = `SELECT ${FLAG} FROM question_marks WHERE exam_session_id = $1 AND (flagged OR opened_at IS NOT NULL) ORDER BY position`;
  return { flags: FlagRows.parse(await dataSource.query(sql, [id])) };
}

/** @throws CkxError `POSITION_UNKNOWN`, `SESSION_NOT_READY`, `SESSION_OVER`, `DEADLINE_PASSED`. */
export async function writeNote(dataSource: DataSource, id: ExamSessionId, position: number, text: string): Promise<Note> {
  return inTransaction(dataSource, async (manager) => {
    await assertWritable(manager, id, position);
    const sql = `
      INSERT INTO question_marks (exam_session_id, position, note, note_updated_at) VALUES ($1, $2, $3, now())
        ON CONFLICT (exam_session_id, position) DO UPDATE SET note = excluded.note, note_updated_at = excluded.note_updated_at
        RETURNING ${NOTE}`;
    return one(NoteRows.parse(await manager.query(sql, [id, position, text])));
  });
}

/** What is not said stays; `openedAt` is the first time. @throws CkxError as {@link writeNote}. */
export async function writeFlag(dataSource: DataSource, id: ExamSessionId, position: number, { flagged, opened }: FlagBody): Promise<Flag> {
  return inTransaction(dataSource, async (manager) => {
    await assertWritable(manager, id, position);
    const sql = `
      INSERT INTO question_marks AS m (exam_session_id, position, flagged, opened_at)
        VALUES ($1, $2, coalesce($3, false), CASE WHEN $4 THEN now() END)
        ON CONFLICT (exam_session_id, position) DO UPDATE
          SET flagged = coalesce($3, m.flagged), opened_at = coalesce(m.opened_at, excluded.opened_at)
        RETURNING ${FLAG}`;
    return one(FlagRows.parse(await manager.query(sql, [id, position, flagged ?? null, opened === true])));
  });
}

const SENTENCES = {
  SESSION_NOT_READY: 'Questions are there once the session is ready.',
  SESSION_OVER: 'The session is over: its notes and flags can be read, and not changed.',
  DEADLINE_PASSED: 'The time of the session is over: its notes and flags can be read, and not changed.',
} as const;

async function assertWritable(manager: EntityManager, id: ExamSessionId, position: number): Promise<void> {
  // Shared: the session does not end beside this.
  const session = await manager.findOneOrFail(ExamSessionEntity, { where: { id }, lock: { mode: 'pessimistic_read' } });
  questionAt(session, position);
  const openness = mayBeOpen(session, new Date());
  if (!openness.open) throw new CkxError('user', openness.reason, SENTENCES[openness.reason]);
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new CkxError('bug', 'MARK_LOST', 'What was written did not come back.');
  return row;
}
