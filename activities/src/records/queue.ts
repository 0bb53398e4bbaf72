import { examSessionWorkflowId, type ExamSessionId } from '@ckx/contracts';
import { capacityReleasedSignal } from '@ckx/contracts/exam-session';
import type { DataSource, EntityManager } from '@ckx/persistence';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** Who waits for a place, first come first: sessions without an environment that nobody has asked to end. */
const WAITING = `
  FROM exam_sessions s
  WHERE s.state = 'created' AND s.terminate_requested_at IS NULL
    AND NOT EXISTS (SELECT FROM environments e WHERE e.exam_session_id = s.id)`;

/** @returns the place in the queue, from 1 for the head. */
export async function placeInQueue(manager: EntityManager, queueNumber: number): Promise<number> {
  const [row]: { ahead: number }[] = await manager.query(`SELECT count(*)::int AS ahead ${WAITING} AND s.queue_number < $1`, [queueNumber]);
  return (row?.ahead ?? 0) + 1;
}

/**
 * Tells the head of the queue that there may be room. Whoever is admitted calls this in turn, so that one release of much capacity
 * reaches everybody it has room for. A head whose workflow is not there yet will look by itself.
 */
export async function wakeNext(dataSource: DataSource, client: Client): Promise<void> {
  const [head]: { id: ExamSessionId }[] = await dataSource.query(`SELECT s.id ${WAITING} ORDER BY s.queue_number LIMIT 1`);
  if (head === undefined) return;
  try {
    await client.workflow.getHandle(examSessionWorkflowId(head.id)).signal(capacityReleasedSignal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
