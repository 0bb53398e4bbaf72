import { wakeNext } from '@ckx/activities/queue';
import {
  examSessionWorkflowId,
  HEAD_OF_QUEUE,
  type ExamSessionId,
  type LabPin,
  type SessionMode,
  type SessionState,
  type UserId,
} from '@ckx/contracts';
import {
  EXAM_SESSION_WORKFLOW,
  examSessionStart,
  startClockSignal,
  submitSignal,
  terminateSignal,
  type ExamSessionInput,
  type TerminateRequest,
} from '@ckx/contracts/exam-session';
import { sessionLogger, type Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Rounds } from './rounds.ts';

const BATCH = 100;
/** A call that Temporal does not answer in this time is repeated by the next round. */
const CALL_TIMEOUT_MS = 5_000;

/** A session whose row asks for something that its workflow has not done. */
interface Unacknowledged {
  readonly id: ExamSessionId;
  readonly userId: UserId;
  readonly lab: LabPin;
  readonly labTitle: string;
  readonly extraTimeMs: number;
  readonly rehearsal: boolean;
  readonly mode: SessionMode;
  readonly state: SessionState;
  /** The workflow has not yet asked for a place. */
  readonly unseen: boolean;
  readonly startRequested: boolean;
  readonly submitRequested: boolean;
  /** Handed in before somebody ended the session: that counts, and the end comes too late. */
  readonly submittedFirst: boolean;
  readonly terminateRequest: TerminateRequest | null;
}

/** A start that the server has taken is on its record: it is repeated only for a server that has lost it. */
const START_AGAIN_MS = 60_000;

/**
 * Rows that are written at this moment are left to their writer (SKIP LOCKED), young ones to the API's own call. The older a
 * request, the more seldom it is repeated, at the least one round in ten: a workflow that is slow to act is not flooded. $1: those that this
 * process has started. A workflow is begun for the head of the queue, and for those that have to be told of their end.
 */
const UNACKNOWLEDGED = `
  WITH asked AS (
    SELECT s.*,
      s.state = 'created' AND s.waiting IS NULL AND (w.place <= ${HEAD_OF_QUEUE} OR s.terminate_requested_at IS NOT NULL)
        AND s.id <> ALL ($1::uuid[]) AND NOT EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id) AS unseen,
      s.state = 'ready' AND s.start_requested_at IS NOT NULL AS start_requested,
      s.state = 'running' AND s.submit_requested_at IS NOT NULL AS submit_requested,
      s.terminate_requested_at IS NULL OR s.submit_requested_at < s.terminate_requested_at AS submitted_first,
      extract(epoch FROM now() - greatest(s.created_at, s.start_requested_at, s.submit_requested_at, s.terminate_requested_at)) AS age
    FROM exam_sessions s LEFT JOIN waiting_sessions w ON w.id = s.id
    WHERE s.state NOT IN ('terminated', 'failed')
    FOR UPDATE OF s SKIP LOCKED
  )
  SELECT id, user_id AS "userId", lab, lab_title AS "labTitle", extra_time_ms AS "extraTimeMs", rehearsal, mode, state, unseen, start_requested AS "startRequested",
    submit_requested AS "submitRequested", submitted_first AS "submittedFirst", terminate_request AS "terminateRequest"
  FROM asked
  WHERE (unseen OR start_requested OR submit_requested OR terminate_requested_at IS NOT NULL)
    AND age > 2 AND (unseen OR random() < greatest(0.1, 4 / age))
  ORDER BY created_at LIMIT ${BATCH}`;

export interface RelayOptions {
  readonly dataSource: DataSource;
  readonly client: Client;
  readonly limits: Pick<ExamSessionInput, 'graceMs' | 'provisionTimeoutMs'>;
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
  readonly logger: Logger;
}

/**
 * Repeats what the API wrote down and could not, or did not live to, tell the workflow: the session's row is the outbox. And wakes the head of
 * the queue where there is room: whoever made it may have died before they said so.
 */
export class Relay extends Rounds {
  readonly #options: RelayOptions;
  /** When this process started a workflow. */
  readonly #started = new Map<ExamSessionId, number>();

  constructor(options: RelayOptions) {
    super('relay', options.logger);
    this.#options = options;
  }

  /** One look at the rows. */
  async round(): Promise<void> {
    const { dataSource, client, maxConcurrentSessions, logger } = this.#options;
    for (const [id, at] of this.#started) if (Date.now() - at > START_AGAIN_MS) this.#started.delete(id);
    const sessions: Unacknowledged[] = await dataSource.query(UNACKNOWLEDGED, [[...this.#started.keys()]]);
    await Promise.all(
      sessions.map(async (session) => {
        const log = sessionLogger(logger, { examSessionId: session.id });
        try {
          await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => this.#tell(session, log));
        } catch (error) {
          log.warn({ err: error }, 'relay: the workflow was not told, will try again');
        }
      }),
    );
    await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => wakeNext(dataSource, client, maxConcurrentSessions));
  }

  async #tell(session: Unacknowledged, log: Logger): Promise<void> {
    const { client, limits } = this.#options;
    try {
      if (session.unseen) {
        await client.workflow.start(EXAM_SESSION_WORKFLOW, examSessionStart(session, limits));
        this.#started.set(session.id, Date.now());
        log.info('relay: workflow started');
      }
      const workflow = client.workflow.getHandle(examSessionWorkflowId(session.id));
      // In the order in which they were written down: whoever ends a session first, wins.
      if (session.submitRequested && session.submittedFirst) await workflow.signal(submitSignal);
      if (session.terminateRequest !== null) await workflow.signal(terminateSignal, session.terminateRequest);
      else if (session.startRequested) await workflow.signal(startClockSignal);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError)) throw error;
      // The workflow has ended and its row has not: the sweep's to settle, nothing here would help.
      log.error({ err: error }, 'relay: the session is open but its workflow is closed');
    }
  }
}
