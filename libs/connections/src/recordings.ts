/** Recordings of terminals: a row each, the content a compressed blob. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { BLOB_LIMIT_BYTES, type Blob } from '@ckx/blobs';
import { putBlob, readBlob } from '@ckx/blobs/store';
import { BlobDigest, CkxError, RecordingView, type ConnectionId, type ExamSessionId } from '@ckx/contracts';
import { inTransaction, type DataSource } from '@ckx/persistence';
import { z } from 'zod';
import { rowsOf, timestamp } from './rows.ts';

/** Registered for asciinema's format, with its compression. */
const MEDIA_TYPE = 'application/x-asciicast+gzip';

export interface Recording {
  readonly connectionId: ConnectionId;
  readonly content: Buffer;
  readonly durationMs: number;
  /** It was too long: the end is missing. */
  readonly cut: boolean;
}

/**
 * Keeps a recording with its connection; a second time changes nothing.
 *
 * @returns whether it is kept: false where the connection's row is gone, with its session.
 * @throws CkxError `BLOB_TOO_LARGE` (user).
 */
export async function keepRecording(dataSource: DataSource, { connectionId, content, durationMs, cut }: Recording): Promise<boolean> {
  const blob: Blob = { mediaType: MEDIA_TYPE, content: gzipSync(content) };
  return inTransaction(dataSource, async (tx) => {
    const rows = await rowsOf(tx, z.object({}), 'SELECT FROM terminal_sessions WHERE id = $1 FOR KEY SHARE', [connectionId]);
    if (rows.length === 0) return false;
    const digest = await putBlob(tx, blob);
    await tx.query(
      `INSERT INTO recordings (id, exam_session_id, blob_digest, started_at, duration_ms, size_bytes, cut)
       SELECT id, exam_session_id, $2, opened_at, $3, $4, $5 FROM terminal_sessions WHERE id = $1 ON CONFLICT (id) DO NOTHING`,
      [connectionId, digest, Math.round(durationMs), content.length, cut],
    );
    return true;
  });
}

const Row = RecordingView.extend({ startedAt: timestamp });

/** A session's recordings, oldest first. */
export async function listRecordings(dataSource: DataSource, examSessionId: ExamSessionId): Promise<RecordingView[]> {
  return rowsOf(
    dataSource,
    Row,
    `SELECT r.id AS "recordingId", r.exam_session_id AS "examSessionId", t.tab, r.started_at AS "startedAt", r.duration_ms AS "durationMs",
            r.size_bytes AS "sizeBytes", r.cut
       FROM recordings r JOIN terminal_sessions t ON t.id = r.id WHERE r.exam_session_id = $1 ORDER BY r.started_at, r.id`,
    [examSessionId],
  );
}

/** An asciicast, version 3. @throws CkxError user `RECORDING_UNKNOWN`. */
export async function readRecording(dataSource: DataSource, examSessionId: ExamSessionId, recordingId: ConnectionId): Promise<Buffer> {
  const [row] = await rowsOf(
    dataSource,
    z.object({ digest: BlobDigest }),
    'SELECT blob_digest AS digest FROM recordings WHERE id = $1 AND exam_session_id = $2',
    [recordingId, examSessionId],
  );
  const blob = row === undefined ? null : await readBlob(dataSource.manager, row.digest);
  if (blob === null) throw new CkxError('user', 'RECORDING_UNKNOWN', 'This session has no such recording.');
  return gunzipSync(blob.content, { maxOutputLength: BLOB_LIMIT_BYTES });
}
