import type { EnvironmentProvider } from '@ckx/execution-environment';
import { attended } from '../attended.ts';
import type { EnvironmentActivities } from './interface.ts';
import { watch, type OwnLooks } from './watch.ts';

export interface EnvironmentDependencies {
  readonly provider: EnvironmentProvider;
}

export function createEnvironmentActivities({ provider }: EnvironmentDependencies): EnvironmentActivities {
  const ownLooks: OwnLooks = new Map();
  return {
    createEnvironment: (spec) => attended((attendance) => provider.create(spec, attendance)),
    awaitEnvironment: ({ spec, until }) => attended((attendance) => provider.awaitMilestone(spec, until, attendance)),
    openTerminal: (spec) => attended((attendance) => provider.openTerminal(spec, attendance)),
    authorizeKey: ({ spec, publicKey }) => attended(() => provider.authorizeKey(spec, publicKey)),
    watchEnvironment: (request) => attended((attendance) => watch({ provider, ownLooks }, request, attendance)),
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
        await provider.destroy(spec.executionEnvironmentId);
      }),
  };
}
