/** Random states of the three lists, and what a sweep's actions make of them. */
import { ExamSessionId, ExecutionEnvironmentId, HostId, type SessionState } from '@ckx/contracts';
import { SWEEP_MIN_AGE_MS, type HostedEnvironment, type SweepAction } from '@ckx/contracts/maintenance-workflow';
import fc from 'fast-check';
import type { EnvironmentLook, HostLook, Look, SessionLook, WorkflowState } from '../src/index.ts';

export const OURS = 'ours';
export const NOW = Date.UTC(2026, 10, 21, 12);
export const MINUTE = 60_000;

/** Ids that read well in a counterexample: 1 → 00000001-… */
const uuid = (kind: number, n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-${String(kind).padStart(12, '0')}`;
export const sessionId = (n: number) => ExamSessionId.parse(uuid(1, n));
export const environmentId = (n: number) => ExecutionEnvironmentId.parse(uuid(2, n));
export const hostId = (n: number) => HostId.parse(`host-${n}`);

const isTerminal = (state: SessionState) => state === 'terminated' || state === 'failed';

export function sessionLook(n: number, values: Partial<SessionLook> = {}): SessionLook {
  const state = values.state ?? 'running';
  return {
    examSessionId: sessionId(n),
    state,
    outcome: state === 'terminated' ? 'submitted' : null,
    failure: state === 'failed' ? 'infra' : null,
    workflow: 'open',
    seen: true,
    started: state === 'running',
    attempt: state === 'running' ? 'in_progress' : null,
    lastActivityAt: NOW - 10 * MINUTE,
    deadlineAt: state === 'running' ? NOW + 20 * MINUTE : null,
    durationMs: 30 * MINUTE,
    endRequested: false,
    ...values,
  };
}

export function environmentLook(n: number, values: Partial<EnvironmentLook> = {}): EnvironmentLook {
  return { executionEnvironmentId: environmentId(n), examSessionId: sessionId(n), hostId: hostId(1), state: 'bound', ...values };
}

export function hosted(n: number, values: Partial<HostedEnvironment> = {}): HostedEnvironment {
  const ids = { executionEnvironmentId: environmentId(n), examSessionId: sessionId(n) };
  return { ...ids, installation: OURS, ageMs: 60 * MINUTE, resources: 6, ...values };
}

export function hostLook(n: number, environments: readonly HostedEnvironment[] | null, lost = environments === null): HostLook {
  return { hostId: hostId(n), environments, lost };
}

export function look(values: Partial<Look> = {}): Look {
  return { at: NOW, installation: OURS, hosts: [], environments: [], sessions: [], strangers: new Map(), keepers: new Map(), ...values };
}

const workflows: fc.Arbitrary<WorkflowState> = fc.constantFrom('open', 'open', 'closed', 'missing');
const activity = fc.integer({ min: 0, max: 240 }).map((minutes) => NOW - minutes * MINUTE);

/** One session with whatever belongs to it, each part of it there or not. */
function family(n: number) {
  return fc.record({
    row: fc.option(
      fc
        .record({
          state: fc.constantFrom<SessionState>('created', 'initializing', 'ready', 'running', 'terminated', 'failed'),
          seen: fc.boolean(),
          lastActivityAt: activity,
          past: fc.integer({ min: -60, max: 200 }),
          endRequested: fc.boolean(),
        })
        .map(({ state, past, ...rest }) =>
          sessionLook(n, { state, ...rest, deadlineAt: state === 'running' ? NOW - past * MINUTE : null }),
        ),
      { freq: 4 },
    ),
    workflow: workflows,
    record: fc.option(
      fc
        .record({
          state: fc.constantFrom<EnvironmentLook['state']>('provisioning', 'ready', 'bound', 'destroying', 'destroyed', 'lost'),
          hostId: fc.constantFrom(hostId(1), hostId(2)),
        })
        .map((values) => environmentLook(n, values)),
      { freq: 3 },
    ),
    found: fc.option(
      fc.record({
        host: fc.constantFrom(1, 2),
        installation: fc.constantFrom(OURS, OURS, OURS, 'theirs'),
        ageMs: fc.constantFrom(0, SWEEP_MIN_AGE_MS - 1, SWEEP_MIN_AGE_MS, 60 * MINUTE),
      }),
      { freq: 3 },
    ),
  });
}

export interface World {
  readonly families: readonly {
    readonly n: number;
    readonly row: SessionLook | null;
    readonly workflow: WorkflowState;
    readonly record: EnvironmentLook | null;
    readonly found: { readonly host: number; readonly installation: string; readonly ageMs: number } | null;
  }[];
  /** Hosts that do not answer. */
  readonly silent: readonly number[];
}

const numbers = Array.from({ length: 12 }, (_, index) => index + 1);

export const world: fc.Arbitrary<World> = fc.record({
  families: fc
    .tuple(...numbers.map(family))
    .map((families) => families.map((each, index) => ({ ...each, n: index + 1, record: each.row === null ? null : each.record }))),
  silent: fc.subarray([1, 2]),
});

/** How a sweep sees a world. `unanswered`: sessions whose workflow Temporal did not describe. */
export function seen({ families, silent }: World, at: number, unanswered: readonly number[] = []): Look {
  const workflowOf = (n: number, workflow: WorkflowState) => (unanswered.includes(n) ? 'unknown' : workflow);
  return {
    at,
    installation: OURS,
    hosts: [1, 2].map((n) =>
      hostLook(n, silent.includes(n) ? null : families.flatMap(({ n: of, found }) => (found?.host === n ? hosted(of, { ...found }) : []))),
    ),
    environments: families.flatMap(({ record }) => record ?? []),
    keepers: new Map(),
    sessions: families.flatMap(({ n, row, workflow }) => (row === null ? [] : { ...row, workflow: workflowOf(n, workflow) })),
    strangers: new Map(
      families.flatMap(({ n, row, workflow }) => (row === null ? [[sessionId(n), workflowOf(n, workflow)] as const] : [])),
    ),
  };
}

/** The world after these actions, and an hour later. */
export function after({ families, silent }: World, actions: readonly SweepAction[]): World {
  return {
    silent,
    families: families.map(({ n, row, workflow, record, found }) => {
      const mine = actions.filter(({ examSessionId }) => examSessionId === sessionId(n)).map(({ kind }) => kind);
      const removed = mine.includes('remove_environment') || mine.includes('reclaim_environment');
      const ended = mine.includes('fail_session') || mine.includes('abandon_session');
      return {
        n,
        workflow: ended ? ('closed' as const) : workflow,
        row:
          row && !isTerminal(row.state) && ended
            ? sessionLook(n, { state: 'failed' })
            : row && mine.includes('settle_attempt')
              ? { ...row, attempt: 'void' as const }
              : row,
        record:
          record && removed
            ? { ...record, state: 'destroyed' as const }
            : record && mine.includes('mark_lost')
              ? { ...record, state: 'lost' as const }
              : record,
        found: removed || found === null ? null : { ...found, ageMs: found.ageMs + 60 * MINUTE },
      };
    }),
  };
}
