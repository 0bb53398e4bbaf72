import type { HostWorkerConfig } from '@ckx/config';
import { HostFacts } from '@ckx/contracts';
import type { EnvironmentProvider } from '@ckx/execution-environment';
import { attended } from '../attended.ts';
import type { HostActivities } from './interface.ts';

export interface HostDependencies {
  readonly provider: EnvironmentProvider;
  readonly config: HostWorkerConfig;
}

export function createHostActivities({ provider, config }: HostDependencies): HostActivities {
  return {
    describeHost: () =>
      attended(async () => {
        const { version, userNamespaces, thinWalls } = await provider.describeEngine();
        return HostFacts.parse({
          hostId: config.CKX_HOST_ID,
          address: config.CKX_HOST_ADDRESS,
          cpuMillis: config.CKX_HOST_CPU_MILLIS,
          memoryMib: config.CKX_HOST_MEMORY_MIB,
          bootSlots: config.CKX_HOST_BOOT_SLOTS,
          portRanges: {
            vnc: { start: config.VNC_PORT_RANGE_START, end: config.VNC_PORT_RANGE_END },
            sshTerminal: { start: config.SSH_TERMINAL_PORT_RANGE_START, end: config.SSH_TERMINAL_PORT_RANGE_END },
            sshJumphost: { start: config.SSH_JUMPHOST_PORT_RANGE_START, end: config.SSH_JUMPHOST_PORT_RANGE_END },
            k8sApi: { start: config.K8S_PORT_RANGE_START, end: config.K8S_PORT_RANGE_END },
          },
          subnetPool: config.CKX_SUBNET_POOL,
          engine: { version, userNamespaces, thinWalls: [...thinWalls] },
        });
      }),
  };
}
