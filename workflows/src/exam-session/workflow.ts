import type { ExamSessionInput } from '@ckx/contracts/exam-session';
import { entails } from '@ckx/session-lifecycle';
import { ActivityFailure, allHandlersFinished, CancellationScope, condition, log, patched } from '@temporalio/workflow';
import { hostActivities, records, type Host } from './activities.ts';
import { admit } from './admission.ts';
import { classifyFailure } from './failures.ts';
import { grade } from './grading.ts';
import { Provisioning } from './provisioning.ts';
import { ExamSession } from './session.ts';
import { EnvironmentWatch } from './watch.ts';

/**
 * The life of one exam session (design §4): admission, provisioning, the clock, closing, grading, teardown. What a client is told is
 * in Postgres first. A failure ends the session as `failed`; it does not fail the workflow, whose end means that nothing is left.
 */
export async function examSessionWorkflow(input: ExamSessionInput): Promise<void> {
  const session = new ExamSession(input);
  session.listen();
  // "Request cancellation" in the Temporal console does what its name says: it ends the session, with everything that belongs to an end.
  CancellationScope.current().cancelRequested.catch(() => {
    session.ending ??= { outcome: 'terminated_by_admin' };
  });
  await CancellationScope.nonCancellable(async () => {
    await run(session);
    await condition(allHandlersFinished);
  });
}

async function run(session: ExamSession): Promise<void> {
  const spec = await admit(session).catch((error: unknown) => {
    session.ending ??= { failure: classifyFailure(error, session) };
    return null;
  });
  if (spec === null) return end(session);

  session.noteAdmission(spec);
  const host = hostActivities(spec.hostId);
  let provisioning: Provisioning | null = null;
  const watch = new EnvironmentWatch(session, host);
  // Armed before the first resource exists: from here on everything ends in teardown.
  try {
    if (session.ending === null) {
      await session.initialize();
      provisioning = new Provisioning(session, host);
      await untilEnding(session, provisioning, watch).catch((error: unknown) => {
        session.ending ??= { failure: classifyFailure(error, session) };
      });
    }
    watch.end();
    // What it does in the environment must not be graded, nor outlive it.
    const checksStopped = session.checks.isUnderWay ? session.checks.stop() : null;
    const closed = patched('ended-in-time') ? await closeAndEnd(session, host) : await closeThenEnd(session, host);
    if (checksStopped !== null) await checksStopped;
    await watch.settled();
    if (session.attempt === 'in_progress') await settleAttempt(session, host, closed);
  } finally {
    await provisioning?.stop();
    await tearDown(session, host);
  }
}

/** Returns when something has ended the session; that is then in `session.ending`. */
async function untilEnding(session: ExamSession, provisioning: Provisioning, watch: EnvironmentWatch): Promise<void> {
  await provisioning.done();
  if (session.hasEnding) return;
  if (patched('environment-watch')) watch.begin();
  await session.transition('ready');
  await condition(() => session.hasEnding || session.clockRequested, session.input.graceMs);
  if (session.hasEnding) return;
  await session.startClock();
  while (!session.hasEnding) {
    const deadline = session.clock.deadlineAt ?? 0;
    const remainingMs = deadline - Date.now();
    if (remainingMs <= 0) session.ending = { outcome: 'expired' };
    else await condition(() => session.hasEnding || session.clock.deadlineAt !== deadline, remainingMs);
  }
}

/** How long the end of a session that somebody ended waits for its terminal to be closed. */
const CLOSE_WAIT_MS = 500;

/**
 * Closes the terminal and writes the end. A session that failed is ended at once, since its environment goes anyway; one whose time is
 * over as well, because a deadline is a deadline, and whoever holds connections closes them by it; any other as soon as the candidate is
 * out, or shortly after: a host that is slow or gone keeps nobody.
 *
 * @returns whether the candidate is out.
 */
async function closeAndEnd(session: ExamSession, host: Host): Promise<boolean> {
  const { ending } = session;
  if (ending !== null && 'failure' in ending) {
    await end(session);
    return false;
  }
  let settled = false;
  const closing = close(session, host).finally(() => (settled = true));
  if (isOpen(session) && ending?.outcome !== 'expired') await condition(() => settled, CLOSE_WAIT_MS);
  await end(session);
  return closing;
}

/** As sessions ended that were recorded before {@link closeAndEnd}. */
async function closeThenEnd(session: ExamSession, host: Host): Promise<boolean> {
  const closed = await close(session, host);
  await end(session);
  return closed;
}

/**
 * Ends the candidate's access where there was any.
 *
 * @returns false when the host did not do it in time; the end of the session does not wait for it.
 */
async function close(session: ExamSession, host: Host): Promise<boolean> {
  if (!isOpen(session)) return true;
  try {
    await host.prompt.closeEnvironment(session.spec);
    return true;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('the environment was not closed in time', { error });
    return false;
  }
}

/** Whether the candidate may be inside. */
function isOpen({ state }: ExamSession): boolean {
  return state === 'ready' || state === 'running';
}

/** Writes how the session ended. After this nothing that a client sends counts. */
async function end(session: ExamSession): Promise<void> {
  const { ending } = session;
  if (ending === null) return;
  await session.transition('outcome' in ending ? 'terminated' : 'failed', ending);
}

/** Grades the attempt, or declares it void, as the outcome's rule says; void after every failure. */
async function settleAttempt(session: ExamSession, host: Host, closed: boolean): Promise<void> {
  const { ending } = session;
  if (ending !== null && 'outcome' in ending && entails(ending, true).graded) await grade(session, host.grading, { closed });
  else await session.setAttempt('void');
}

/** Leaves nothing behind; on a host that is gone, an environment that is `lost` and keeps its ports until it is reclaimed. */
async function tearDown(session: ExamSession, host: Host): Promise<void> {
  const { spec } = session;
  const { executionEnvironmentId } = spec;
  await records.recordEnvironment({ executionEnvironmentId, state: 'destroying' });
  session.noteEnvironment('destroying');
  const state = await host.teardown.destroyEnvironment(spec).then(
    () => 'destroyed' as const,
    (error: unknown) => {
      if (!(error instanceof ActivityFailure)) throw error;
      log.error('the environment could not be removed', { executionEnvironmentId, error });
      return 'lost' as const;
    },
  );
  await records.releaseEnvironment({ executionEnvironmentId, state });
  session.noteEnvironment(state);
}
