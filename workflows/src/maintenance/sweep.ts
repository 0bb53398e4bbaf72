import type { MaintenanceRecordActivities, RecordActivities } from '@ckx/activities';
import type { HostInventory, SweepAction, SweepInput, SweepReport, SweepResult } from '@ckx/contracts/maintenance-workflow';
import { ActivityFailure, log, proxyActivities, rootCause, setCurrentDetails, sleep } from '@temporalio/workflow';
import { maintenanceOf } from './reclaim.ts';

/** Soon, or not in this sweep: where Postgres or Temporal does not answer, it stops and says so. */
const { listHosts, lookForOwners, failLostSession, abandonSession, settleAttempt } = proxyActivities<MaintenanceRecordActivities>({
  startToCloseTimeout: '2 min',
  heartbeatTimeout: '10 s',
  retry: { initialInterval: '1 s', maximumAttempts: 3 },
});

const { recordEnvironment, releaseEnvironment, reviewWarm } = proxyActivities<RecordActivities>({
  startToCloseTimeout: '10 s',
  retry: { initialInterval: '200 ms', maximumInterval: '10 s', maximumAttempts: 10 },
});

const { recordSweep } = proxyActivities<MaintenanceRecordActivities>({
  startToCloseTimeout: '10 s',
  // What it found must be known, also when Postgres was away; no other sweep of the schedule begins meanwhile.
  scheduleToCloseTimeout: '15 min',
  retry: { initialInterval: '1 s', maximumInterval: '30 s' },
});

type Performed = SweepReport['actions'][number];

/** Two looks at Docker, Postgres and the workflows; what both found without an owner goes, if it is not too much (design §4). */
export async function sweepWorkflow(input: SweepInput): Promise<SweepReport> {
  const startedAt = new Date().toISOString();
  const found = await lookTwice(input).catch((error: unknown): Found => {
    if (!(error instanceof ActivityFailure)) throw error;
    return { ...NOTHING, alert: `A question had no answer: ${rootCause(error) ?? error.message}` };
  });
  if (found.alert !== null) log.warn('the sweep stopped', { alert: found.alert });
  const report: SweepReport = {
    installation: input.installation,
    dryRun: input.dryRun,
    startedAt,
    ...found,
    actions: await perform(input, found),
    endedAt: new Date().toISOString(),
  };
  await recordSweep(report);
  setCurrentDetails(summaryOf(report));
  return report;
}

interface Found extends Pick<SweepReport, 'alert' | 'limit' | 'seen' | 'seenOnce'> {
  readonly actions: readonly SweepAction[];
}

const NOTHING: Omit<Found, 'alert'> = {
  limit: { going: 0, of: 0, allowed: 0 },
  seen: { hosts: [], openSessions: 0, openEnvironments: 0 },
  seenOnce: 0,
  actions: [],
};

async function lookTwice(input: SweepInput): Promise<Found> {
  const one = await look(input, null);
  if (one.findings.unanswered !== null) return { ...NOTHING, seen: one.seen, alert: one.findings.unanswered };
  await sleep(input.lookIntervalMs);
  const { findings, decision, seen } = await look(input, one.findings);
  if (decision === null) return { ...NOTHING, seen, alert: findings.unanswered };
  return { ...decision, seen };
}

/** Docker first, then Postgres, then the workflows: each is made after the one before it, and so accounted for. */
async function look(input: SweepInput, first: Parameters<typeof lookForOwners>[0]['first']) {
  const hosts = await Promise.all(
    (await listHosts()).map(async (hostId): Promise<HostInventory> => {
      const environments = await maintenanceOf(hostId)
        .inventory()
        .catch((error: unknown) => {
          if (!(error instanceof ActivityFailure)) throw error;
          log.warn('a host is left out of this sweep', { hostId, error });
          return null;
        });
      return { hostId, environments };
    }),
  );
  const { findings, decision, openSessions, openEnvironments } = await lookForOwners({ input, hosts, first });
  const answers = hosts.map(({ hostId, environments }) => ({
    hostId,
    answered: environments !== null,
    environments: environments?.length ?? 0,
  }));
  return { findings, decision, seen: { hosts: answers, openSessions, openEnvironments } };
}

async function perform({ dryRun }: SweepInput, { alert, actions }: Found): Promise<Performed[]> {
  if (alert !== null) return actions.map((action) => ({ action, result: 'stopped' }));
  if (dryRun) return actions.map((action) => ({ action, result: 'planned' }));
  const performed: Performed[] = [];
  // Sessions first: their candidates are told before their environments go.
  const isOfSession = ({ kind }: SweepAction) => kind === 'fail_session' || kind === 'abandon_session' || kind === 'settle_attempt';
  for (const action of actions.filter(isOfSession)) performed.push(await attempt(action));
  performed.push(...(await Promise.all(actions.filter((action) => !isOfSession(action)).map(attempt))));
  return performed;
}

async function attempt(action: SweepAction): Promise<Performed> {
  try {
    return { action, result: await act(action) };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('an action of the sweep failed', { action, error });
    return { action, result: 'failed', error: rootCause(error) ?? error.message };
  }
}

async function act(action: SweepAction): Promise<SweepResult> {
  const { examSessionId } = action;
  switch (action.kind) {
    case 'fail_session':
      return (await failLostSession({ examSessionId })) ? 'done' : 'not_needed';
    case 'abandon_session':
      return (await abandonSession({ examSessionId })) ? 'done' : 'not_needed';
    case 'settle_attempt':
      return (await settleAttempt({ examSessionId })) ? 'done' : 'not_needed';
    case 'mark_lost':
      if (!(await isStillOwnerless(action))) return 'not_needed';
      await releaseEnvironment({ executionEnvironmentId: action.executionEnvironmentId, state: 'lost' });
      return 'done';
    case 'reclaim_environment':
    case 'remove_environment': {
      const { executionEnvironmentId, hostId } = action;
      const recorded = action.kind === 'reclaim_environment' || action.onRecord;
      if (recorded && !(await isStillOwnerless(action))) return 'not_needed';
      if (recorded) await recordEnvironment({ executionEnvironmentId, state: 'destroying' });
      await maintenanceOf(hostId).remove(executionEnvironmentId, examSessionId);
      if (recorded) await releaseEnvironment({ executionEnvironmentId, state: 'destroyed' });
      return 'done';
    }
  }
}

/** What is no session's, and stands under its own id, could be given to one until this says otherwise. */
async function isStillOwnerless({ executionEnvironmentId, examSessionId }: Extract<SweepAction, { executionEnvironmentId: unknown }>) {
  const isNobodys: boolean = String(examSessionId) === String(executionEnvironmentId);
  return !isNobodys || (await reviewWarm({ executionEnvironmentId, giveUp: true })) === 'leaves';
}

function summaryOf({ alert, dryRun, limit, seen, actions }: SweepReport): string {
  const done = actions.filter(({ result }) => result === 'done').length;
  const outcome = alert ?? (dryRun ? `Dry run: ${actions.length} actions planned` : `${done} of ${actions.length} actions done`);
  return `${outcome}\n\n${seen.openSessions} sessions open, ${seen.openEnvironments} environments, ${limit.going} of ${limit.of} without an owner`;
}
