import { ExamSessionId } from '@ckx/contracts';
import type { HostedEnvironment, SweepAction } from '@ckx/contracts/maintenance-workflow';
import { isTerminal } from '@ckx/session-lifecycle';
import type { EnvironmentLook, HostLook, Look, SessionLook } from './look.ts';
import { abandonedAt, ownerOf, ownerOfSession, type Owner } from './owners.ts';

/** What one look found; small enough to cross Temporal. */
export interface Findings {
  readonly at: number;
  /** Why nothing of this look may be trusted; null where every question was answered. */
  readonly unanswered: string | null;
  /** Sessions and environments there are, each session with its environment once. */
  readonly of: number;
  /** Sessions that something would happen to by `actions`; of all that was found, also where `actions` was cut. */
  readonly going: number;
  readonly actions: readonly SweepAction[];
}

/** More is not acted on in one sweep, nor reported. */
export const ACTIONS_LIMIT = 300;

/** What reclaiming gives back was given up on record before: it counts against no limit. */
const UNCOUNTED: readonly SweepAction['kind'][] = ['reclaim_environment', 'mark_lost'];

export function countGoing(actions: readonly SweepAction[]): number {
  return new Set(actions.filter(({ kind }) => !UNCOUNTED.includes(kind)).map(({ examSessionId }) => examSessionId)).size;
}

/**
 * What one look alone would do. Nothing may be done by it: design §4 wants it found twice, see `decide`.
 *
 * @param minAgeMs an environment with a resource younger than this is left alone.
 */
export function findingsOf(look: Look, minAgeMs: number): Findings {
  const sessions = new Map(look.sessions.map((session) => [session.examSessionId, session]));
  const unknown = [...look.sessions.map(({ workflow }) => workflow), ...look.strangers.values(), ...look.keepers.values()].filter(
    (state) => state === 'unknown',
  );
  const actions = [
    ...look.sessions.flatMap((session) => actionsOfSession(session, look.at)),
    ...look.environments.flatMap((environment) => actionsOfRecord(environment, look, sessions, minAgeMs)),
    ...look.hosts.flatMap((host) => actionsOfHost(host, look, sessions, minAgeMs)),
  ];
  return {
    at: look.at,
    unanswered: unknown.length === 0 ? null : `Temporal did not say how ${unknown.length} of the workflows are.`,
    of: subjectsOf(look).size,
    going: countGoing(actions),
    actions: actions.slice(0, ACTIONS_LIMIT),
  };
}

function subjectsOf(look: Look): ReadonlySet<string> {
  return new Set([
    ...look.sessions.filter(({ state }) => !isTerminal(state)).map(({ examSessionId }) => examSessionId),
    ...look.environments.filter(({ state }) => state !== 'destroyed').map((row) => row.examSessionId ?? row.executionEnvironmentId),
    ...look.hosts
      .flatMap(({ environments }) => environments ?? [])
      .flatMap((found) => (isOurs(found, look) ? sessionOf(found, recordOf(found, look)) : [])),
  ]);
}

function recordOf({ executionEnvironmentId }: HostedEnvironment, look: Look): EnvironmentLook | undefined {
  return look.environments.find((row) => row.executionEnvironmentId === executionEnvironmentId);
}

/** Whose it is. The label of one that was made before its session says its own id: what the record says counts. */
function sessionOf({ examSessionId }: HostedEnvironment, record: EnvironmentLook | undefined): ExamSessionId {
  return record?.examSessionId ?? examSessionId;
}

function isOurs({ installation }: { readonly installation: string }, look: Look): boolean {
  return installation === look.installation;
}

function actionsOfSession(session: SessionLook, now: number): SweepAction[] {
  const { examSessionId, state, workflow, attempt } = session;
  const owner = ownerOfSession(session);
  if (owner === 'unanswered') return [];
  if (isTerminal(state)) {
    const unsettled = attempt === 'in_progress' || attempt === 'grading';
    if (!unsettled || owner !== null) return [];
    return [{ kind: 'settle_attempt', examSessionId, why: `The session is ${state}, its workflow ${workflow}, its attempt ${attempt}.` }];
  }
  if (owner === null) return [{ kind: 'fail_session', examSessionId, why: `The session is ${state} and its workflow ${workflow}.` }];
  const due = abandonedAt(session);
  if (due === null || now < due || session.endRequested) return [];
  const why = `The session is ${state}, and was due ${new Date(due).toISOString()}: twice its exam's duration without activity.`;
  return [{ kind: 'abandon_session', examSessionId, why }];
}

type Sessions = ReadonlyMap<ExamSessionId, SessionLook>;

/** An environment that is on record and not destroyed; judged by its own host, and only while that answers. */
function actionsOfRecord(environment: EnvironmentLook, look: Look, sessions: Sessions, minAgeMs: number): SweepAction[] {
  const { executionEnvironmentId, hostId, state } = environment;
  if (state === 'destroyed' || ownerOfRecord(environment, look, sessions) !== null) return [];
  const host = look.hosts.find((candidate) => candidate.hostId === hostId);
  // One that is no session's stands under its own id, as its labels do.
  const examSessionId = environment.examSessionId ?? ExamSessionId.parse(executionEnvironmentId);
  const ids = { executionEnvironmentId, examSessionId, hostId };
  const whose = environment.examSessionId === null ? 'its own' : "its session's";
  const workflow = environment.examSessionId === null ? look.keepers.get(executionEnvironmentId) : sessions.get(examSessionId)?.workflow;
  const nobody = `The environment is ${state} and ${whose} workflow ${workflow ?? 'missing'}`;
  if (host === undefined || host.environments === null) {
    if (state === 'lost' || host?.lost !== true) return [];
    return [{ kind: 'mark_lost', ...ids, why: `${nobody}; its host is gone.` }];
  }
  if (state === 'lost') return [{ kind: 'reclaim_environment', ...ids, why: 'It was lost, and its host answers again.' }];
  const found = host.environments.find((candidate) => candidate.executionEnvironmentId === executionEnvironmentId);
  if (found !== undefined && (!isOurs(found, look) || found.ageMs < minAgeMs)) return [];
  return [{ kind: 'remove_environment', ...ids, onRecord: true, why: `${nobody}.` }];
}

/** Of one that is no session's, its own workflow; one that has none yet is given it by the control worker, within seconds. */
function ownerOfRecord({ executionEnvironmentId, examSessionId }: EnvironmentLook, look: Look, sessions: Sessions): Owner {
  if (examSessionId !== null) return ownerOf(look, sessions, examSessionId);
  const keeper = look.keepers.get(executionEnvironmentId);
  return ownerOfSession({ workflow: keeper ?? 'unknown', state: 'initializing', seen: true });
}

/** What a host's engine holds and no record accounts for. */
function actionsOfHost(host: HostLook, look: Look, sessions: Sessions, minAgeMs: number): SweepAction[] {
  return (host.environments ?? []).flatMap((found): SweepAction[] => {
    const { executionEnvironmentId, ageMs } = found;
    if (!isOurs(found, look) || ageMs < minAgeMs) return [];
    const record = recordOf(found, look);
    const examSessionId = sessionOf(found, record);
    // Judged by its record, above.
    if (record !== undefined && record.state !== 'destroyed') return [];
    if (ownerOf(look, sessions, examSessionId) !== null) return [];
    const why = record === undefined ? 'No record knows it, and no workflow is open.' : 'Its record says that it is destroyed.';
    return [{ kind: 'remove_environment', executionEnvironmentId, examSessionId, hostId: host.hostId, onRecord: false, why }];
  });
}
