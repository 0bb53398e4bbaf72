import type { EnvironmentProvider } from '@ckx/execution-environment';
import { attended } from '../attended.ts';
import type { InventoryActivities } from './interface.ts';

/** The host's part of a sweep. */
export function createInventoryActivities({ provider }: { readonly provider: EnvironmentProvider }): InventoryActivities {
  return {
    takeInventory: () =>
      attended(async () => {
        const environments = await provider.list();
        return environments.map(
          ({ executionEnvironmentId, examSessionId, installation, youngestAt, containers, networks, volumes, namespaces }) => ({
            executionEnvironmentId,
            examSessionId,
            installation,
            ageMs: Math.max(0, Date.now() - youngestAt),
            resources: containers.length + networks.length + volumes.length + namespaces.length,
          }),
        );
      }),
    removeEnvironment: ({ executionEnvironmentId, examSessionId }) =>
      attended(() => provider.destroy(executionEnvironmentId, examSessionId)),
  };
}
