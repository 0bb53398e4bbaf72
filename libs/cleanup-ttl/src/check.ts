/** What a sweep would make of sessions, as Postgres and Temporal have them now; what Docker holds is seen by a sweep alone. */
import { CkxError, examSessionWorkflowId, type EnvironmentState, type ExamSessionId, type HostId, type SessionState } from '@ckx/contracts';
import type { SweepAction } from '@ckx/contracts/maintenance-workflow';
import type { DataSource } from '@ckx/persistence';
import type { Client } from '@temporalio/client';
import { findingsOf } from './findings.ts';
import type { Look, SessionLook, WorkflowState } from './look.ts';
import { abandonedAt, ownerOfSession } from './owners.ts';
import { takeLook } from './records.ts';

/** What `cleanup-ttl check` prints of a session. */
export interface Check {
  readonly examSessionId: ExamSessionId;
  readonly state: SessionState;
  readonly workflow: { readonly id: string; readonly state: WorkflowState };
  readonly environment: { readonly executionEnvironmentId: string; readonly state: EnvironmentState; readonly hostId: HostId } | null;
  /** Who looks after it: `nobody` goes; `unanswered` means that Temporal did not say. */
  readonly heldBy: 'workflow' | 'relay' | 'nobody' | 'unanswered';
  /** When its clock ends. */
  readonly deadlineAt: string | null;
  /** When it is abandoned if nothing happens; null where it has ended. */
  readonly abandonedAt: string | null;
  /** Whether the next sweep would act, if its two looks find the same and not too much would go. */
  readonly goes: boolean;
  readonly would: readonly { readonly action: SweepAction['kind']; readonly why: string }[];
}

/**
 * Of one session, or of every one that is not over.
 *
 * @throws CkxError user `SESSION_UNKNOWN`; operational `DATABASE_UNAVAILABLE`.
 */
export async function checkSessions(
  database: DataSource,
  client: Client,
  { installation, examSessionId }: { readonly installation: string; readonly examSessionId: ExamSessionId | null },
): Promise<Check[]> {
  const look = withHosts(await takeLook(database, client, { installation, hosts: [] }, examSessionId === null ? [] : [examSessionId]));
  const { actions } = findingsOf(look, 0);
  const sessions = look.sessions.filter((session) => examSessionId === null || session.examSessionId === examSessionId);
  if (examSessionId !== null && sessions.length === 0) {
    throw new CkxError('user', 'SESSION_UNKNOWN', `There is no session ${examSessionId}.`);
  }
  return sessions.map((session) => checkOf(session, look, actions));
}

/** As if every host that has an environment on record answered that it holds nothing beyond it. */
function withHosts(look: Look): Look {
  const ids = new Set(look.environments.map(({ hostId }) => hostId));
  return { ...look, hosts: [...ids].map((hostId) => ({ hostId, environments: [], lost: false })) };
}

function checkOf(session: SessionLook, look: Look, actions: readonly SweepAction[]): Check {
  const { examSessionId, state, workflow, deadlineAt } = session;
  const environment = look.environments.find((row) => row.examSessionId === examSessionId);
  const mine = actions.filter((action) => action.examSessionId === examSessionId);
  return {
    examSessionId,
    state,
    workflow: { id: examSessionWorkflowId(examSessionId), state: workflow },
    environment: environment
      ? { executionEnvironmentId: environment.executionEnvironmentId, state: environment.state, hostId: environment.hostId }
      : null,
    heldBy: ownerOfSession(session) ?? 'nobody',
    deadlineAt: timestamp(deadlineAt),
    abandonedAt: timestamp(abandonedAt(session)),
    goes: mine.length > 0,
    would: mine.map(({ kind, why }) => ({ action: kind, why })),
  };
}

function timestamp(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
