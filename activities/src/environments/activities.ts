import type { EnvironmentProvider } from '@ckx/execution-environment';
import { attended } from '../attended.ts';
import type { EnvironmentActivities } from './interface.ts';
import { watch, type OwnLooks } from './watch.ts';

/**
 * Every session in use is watched for its whole length, and each heartbeat is a write to Temporal's store. What a killed worker saw last is
 * known this exactly: a gap that is given back may be longer by as much.
 */
const WATCH_HEARTBEAT_MS = 3_000;

export interface EnvironmentDependencies {
  readonly provider: EnvironmentProvider;
}

export function createEnvironmentActivities({ provider }: EnvironmentDependencies): EnvironmentActivities {
  const ownLooks: OwnLooks = new Map();
  return {
    createEnvironment: (spec) => attended((attendance) => provider.create(spec, attendance)),
    awaitEnvironment: ({ spec, until }) => attended((attendance) => provider.awaitMilestone(spec, until, attendance)),
    openTerminal: (spec) => attended((attendance) => provider.openTerminal(spec, attendance)),
    openDesktop: (spec) => attended((attendance) => provider.openDesktop(spec, attendance)),
    prepareEnvironment: (spec) => attended((attendance) => provider.prepare(spec, attendance)),
    keepEnvironment: (spec) => attended(async (attendance) => ({ reason: await provider.keep(spec, attendance) }), WATCH_HEARTBEAT_MS),
    authorizeKey: ({ spec, publicKey }) => attended(() => provider.authorizeKey(spec, publicKey)),
    watchEnvironment: (request) => attended((attendance) => watch({ provider, ownLooks }, request, attendance), WATCH_HEARTBEAT_MS),
    restartPart: ({ spec, part }) =>
      attended(async (attendance) => {
        const { ready } = await provider.restart(spec, part, attendance);
        return { ready, seen: { atMs: Date.now(), startedAt: {} } };
      }),
    inspectEnvironment: (spec) => attended(() => provider.inspect(spec)),
    closeEnvironment: (spec) => attended(() => provider.close(spec)),
    destroyEnvironment: (spec) =>
      attended(async () => {
        ownLooks.delete(spec.executionEnvironmentId);
        await provider.destroy(spec.executionEnvironmentId, spec.examSessionId);
      }),
  };
}
