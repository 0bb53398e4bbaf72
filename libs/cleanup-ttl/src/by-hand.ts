/** A sweep that an operator starts: the same workflow that the schedule runs. */
import { CkxError, EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts';
import { SWEEP_MIN_AGE_MS, SWEEP_WORKFLOW, sweepByHandWorkflowId, SweepReport, type SweepInput } from '@ckx/contracts/maintenance-workflow';
import { isGrpcDeadlineError, WorkflowExecutionAlreadyStartedError, WorkflowFailedError, type Client } from '@temporalio/client';

/** Beyond the wait between the looks: looking, acting, recording. */
const WORK_MS = 15 * 60_000;

/**
 * Runs a sweep and returns its report.
 *
 * @throws CkxError operational `SWEEP_RUNNING` where somebody else's is under way, `SWEEP_PENDING` where it did not end in time.
 */
export async function sweepByHand(client: Client, request: Omit<SweepInput, 'minAgeMs'>): Promise<SweepReport> {
  const input: SweepInput = { minAgeMs: SWEEP_MIN_AGE_MS, ...request };
  const workflowId = sweepByHandWorkflowId(input.installation);
  const remedy = `Look at the workflow ${workflowId} in the Temporal console, and whether a control worker is running.`;
  const timeoutMs = input.lookIntervalMs + WORK_MS;
  try {
    const handle = await client.workflow.start(SWEEP_WORKFLOW, {
      workflowId,
      taskQueue: EXAM_SESSIONS_TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: timeoutMs,
    });
    return SweepReport.parse(await handle.result());
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      throw new CkxError('operational', 'SWEEP_RUNNING', 'A sweep that was started by hand is under way.', { remedy });
    }
    if (error instanceof WorkflowFailedError || isGrpcDeadlineError(error)) {
      throw new CkxError('operational', 'SWEEP_PENDING', 'The sweep did not come to its end.', { remedy, cause: error });
    }
    throw error;
  }
}
