import { examSessionWorkflowId, type ExamSessionId } from '@ckx/contracts';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import type { Client } from '@temporalio/client';

/** Whoever starts takes up work then, whatever became of this. */
const TIMEOUT_MS = 5_000;

/**
 * Called when a control worker starts: another one, killed a moment ago, may have had running sessions at hand, and Temporal would
 * first offer it the task of their deadline. Where that worker lives, it reads a history once more, and nothing else happens.
 */
export async function takeOver(dataSource: DataSource, client: Client, logger: Logger): Promise<void> {
  const { namespace } = client.options;
  const running: { id: ExamSessionId }[] = await dataSource.query(
    `SELECT id FROM exam_sessions WHERE state = 'running' ORDER BY deadline_at`,
  );
  await client.withDeadline(Date.now() + TIMEOUT_MS, async () => {
    for (const { id } of running) {
      const execution = { workflowId: examSessionWorkflowId(id) };
      await client.workflowService.resetStickyTaskQueue({ namespace, execution }).catch((error: unknown) => {
        // Closed, or Temporal does not answer: then it offers them to everybody by itself, a little later.
        logger.warn({ err: error, examSessionId: id }, 'a running session was not taken over at once');
      });
    }
  });
}
