import { isTerminal, entails, type SessionEnd } from '@ckx/session-lifecycle';
import { applyTransition, lockSession, recordRequest } from '@ckx/session-lifecycle/records';
import { decide, findingsOf } from '@ckx/cleanup-ttl';
import { describeWorkflow, takeLook } from '@ckx/cleanup-ttl/records';
import { examSessionWorkflowId, type ExamSessionId, type Failure } from '@ckx/contracts';
import { terminateSignal, type TerminateRequest } from '@ckx/contracts/exam-session';
import {
  EnvironmentEntity,
  ExamAttemptEntity,
  ExamSessionEntity,
  HostEntity,
  inTransaction,
  SweepReportEntity,
  type DataSource,
  type ExamSessionRow,
} from '@ckx/persistence';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { In } from 'typeorm';
import { attended } from '../attended.ts';
import { attemptRecords } from '../records/attempts.ts';
import { wakeNext } from '../records/queue.ts';
import type { MaintenanceRecordActivities } from './interface.ts';

export interface MaintenanceDependencies {
  readonly dataSource: DataSource;
  readonly client: Client;
  /** Bound over all hosts, for whoever waits. */
  readonly maxConcurrentSessions: number;
}

const WORKFLOW_LOST: Failure = {
  type: 'infra',
  code: 'WORKFLOW_LOST',
  reason: 'What ran this session on our side was ended from outside, so the session could not go on.',
  remedy: 'Start the session again; it counts against nothing.',
};

const ABANDONED: TerminateRequest = {
  outcome: 'abandoned',
  reason: "Nobody was active in this session for twice its exam's duration.",
};

/** The control role's part of the sweep and of reclaiming. */
export function createMaintenanceRecordActivities({
  dataSource,
  client,
  maxConcurrentSessions,
}: MaintenanceDependencies): MaintenanceRecordActivities {
  const { recordAttempt } = attemptRecords(dataSource);
  const unsettled = (examSessionId: ExamSessionId) =>
    dataSource.manager.existsBy(ExamAttemptEntity, { examSessionId, state: In(['in_progress', 'grading']) });

  async function settle(examSessionId: ExamSessionId): Promise<boolean> {
    const session = await dataSource.manager.findOneByOrFail(ExamSessionEntity, { id: examSessionId });
    if (!isTerminal(session.state) || !(await unsettled(examSessionId))) return false;
    const { graded } = entails(endOf(session), session.startedAt !== null);
    await recordAttempt({ examSessionId, state: graded ? 'grading_failed' : 'void' });
    return true;
  }

  /** Whether the session still has nobody; asked again just before anything is written. */
  const isOwnerless = async (examSessionId: ExamSessionId) => ['closed', 'missing'].includes(await describeWorkflow(client, examSessionId));

  return {
    listHosts: () =>
      attended(async () => {
        const hosts = await dataSource.manager.findBy(HostEntity, { state: In(['active', 'draining']) });
        return hosts.map(({ id }) => id);
      }),

    lookForOwners: ({ input, hosts, first }) =>
      attended(async () => {
        const look = await takeLook(dataSource, client, { installation: input.installation, hosts });
        const findings = findingsOf(look, input.minAgeMs);
        return {
          findings,
          decision: first && decide(first, findings, input),
          openSessions: look.sessions.filter(({ state }) => !isTerminal(state)).length,
          openEnvironments: look.environments.filter(({ state }) => state !== 'destroyed').length,
        };
      }),

    failLostSession: ({ examSessionId }) =>
      attended(async () => {
        if (!(await isOwnerless(examSessionId))) return false;
        const failed = await inTransaction(dataSource, async (tx) => {
          const { state } = await lockSession(tx, examSessionId);
          if (isTerminal(state)) return false;
          await applyTransition(tx, { examSessionId, sequence: null, to: 'failed', failure: WORKFLOW_LOST });
          return true;
        });
        await settle(examSessionId);
        // It may have stood first in the queue.
        if (failed) await wakeNext(dataSource, client, maxConcurrentSessions);
        return failed;
      }),

    abandonSession: ({ examSessionId }) =>
      attended(async () => {
        const workflow = await describeWorkflow(client, examSessionId);
        const asked = await inTransaction(dataSource, async (tx) => {
          const { state } = await lockSession(tx, examSessionId);
          // Without a workflow it is for the relay to start, or for `failLostSession`.
          if (isTerminal(state) || workflow !== 'open') return false;
          await recordRequest(tx, examSessionId, { kind: 'terminate', ...ABANDONED });
          return true;
        });
        if (asked) await tell(client, examSessionId);
        return asked;
      }),

    settleAttempt: ({ examSessionId }) => attended(async () => (await isOwnerless(examSessionId)) && (await settle(examSessionId))),

    listLostEnvironments: ({ hostId }) =>
      attended(async () => {
        const lost = await dataSource.manager.findBy(EnvironmentEntity, { hostId, state: 'lost' });
        const sessions = await dataSource.manager.findBy(ExamSessionEntity, { id: In(lost.flatMap((row) => row.examSessionId ?? [])) });
        const ended = new Set(sessions.filter(({ state }) => isTerminal(state)).map(({ id }) => id));
        return lost
          .filter(({ examSessionId }) => examSessionId === null || ended.has(examSessionId))
          .map(({ id, examSessionId }) => ({ executionEnvironmentId: id, examSessionId }));
      }),

    recordSweep: (report) =>
      attended(async () => {
        const { dryRun, alert } = report;
        await dataSource.manager.insert(SweepReportEntity, { at: new Date(report.endedAt), dryRun, alert, report });
      }),
  };
}

function endOf({ outcome, failure }: ExamSessionRow): SessionEnd {
  if (outcome !== null) return { outcome };
  return { failure: failure?.type ?? 'infra' };
}

/** Where the signal does not arrive, the relay repeats it. */
async function tell(client: Client, examSessionId: ExamSessionId): Promise<void> {
  try {
    await client.workflow.getHandle(examSessionWorkflowId(examSessionId)).signal(terminateSignal, ABANDONED);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
