import type { HostFacts } from '@ckx/contracts';

/** Queue `host-<hostId>`: what a host says of itself. */
export interface HostActivities {
  describeHost(): Promise<HostFacts>;
}
