import type { EnvironmentProvider } from '@ckx/execution-environment';
import { attended } from '../attended.ts';
import type { EnvironmentActivities } from './interface.ts';

export interface EnvironmentDependencies {
  readonly provider: EnvironmentProvider;
}

export function createEnvironmentActivities({ provider }: EnvironmentDependencies): EnvironmentActivities {
  return {
    createEnvironment: (spec) => attended((attendance) => provider.create(spec, attendance)),
    awaitEnvironment: ({ spec, until }) => attended((attendance) => provider.awaitMilestone(spec, until, attendance)),
    openTerminal: (spec) => attended((attendance) => provider.openTerminal(spec, attendance)),
    authorizeKey: ({ spec, publicKey }) => attended(() => provider.authorizeKey(spec, publicKey)),
    closeEnvironment: (spec) => attended(() => provider.close(spec)),
    destroyEnvironment: (spec) => attended(() => provider.destroy(spec.executionEnvironmentId)),
  };
}
