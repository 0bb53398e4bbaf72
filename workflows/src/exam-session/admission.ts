import type { EnvironmentSpec, ExecutionEnvironmentId } from '@ckx/contracts';
import type { ExamSessionInput } from '@ckx/contracts/exam-session';
import { condition, continueAsNew, uuid4, workflowInfo } from '@temporalio/workflow';
import { records } from './activities.ts';
import type { ExamSession } from './session.ts';

/**
 * How often a waiting session looks again by itself; spread, so that waiters do not come all at once. Seldom, since the relay wakes the head
 * of the queue wherever there is room: a thousand that look twice a minute leave no time for those that have a place.
 */
const LOOK_AGAIN_MS = { least: 240_000, spread: 120_000 } as const;

/**
 * Waits for a place. A release of capacity wakes the head of the queue, and so does the relay, which makes up for a signal that was lost with
 * its sender; looking again now and then is for what neither knows of.
 *
 * @returns the environment that was allotted, or null when the session was ended while it waited.
 */
export async function admit(session: ExamSession): Promise<EnvironmentSpec | null> {
  const executionEnvironmentId = uuid4() as ExecutionEnvironmentId;
  while (session.ending === null) {
    // A queue of days must not outgrow the history; nothing has happened yet that would have to be carried over.
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<(input: ExamSessionInput) => Promise<void>>(session.input);
    session.capacityReleased = false;
    const admission = await records.admitSession({ examSessionId: session.id, executionEnvironmentId });
    if (admission.admitted) return admission.environment;
    session.show(`Place ${admission.place} in the queue: ${admission.reason}`);
    await condition(() => session.ending !== null || session.capacityReleased, LOOK_AGAIN_MS.least + Math.random() * LOOK_AGAIN_MS.spread);
  }
  return null;
}
