import type { EnvironmentFacts, EnvironmentSpec, EnvironmentUse, LastLook, WatchedPart, WatchReport } from '@ckx/contracts';

/** What a booting environment is waited for, in order. */
export type Milestone = 'control_plane' | 'node_ready' | 'workloads';

/** Queue `host-<hostId>`, host role: Docker and Kubernetes, no Postgres, no secrets. Each is idempotent by environment id. */
export interface EnvironmentActivities {
  /** Network, volumes and containers, started. Safe to repeat: what exists is kept. */
  createEnvironment(spec: EnvironmentSpec): Promise<void>;
  /** Returns when the milestone is reached; heartbeats while it waits. */
  awaitEnvironment(request: { readonly spec: EnvironmentSpec; readonly until: Milestone }): Promise<void>;
  /** Kubeconfig and node keys into the terminal; returns when its shell answers over SSH. */
  openTerminal(spec: EnvironmentSpec): Promise<EnvironmentFacts>;
  /** The desktop beside a terminal that is open; returns when its server answers. */
  openDesktop(spec: EnvironmentSpec): Promise<Pick<EnvironmentFacts, 'desktopSecret'>>;
  /** What an environment needs beside its cluster, whoever gets it, made before anybody does. */
  prepareEnvironment(spec: EnvironmentSpec): Promise<void>;
  /** Looks after an environment that waits for a session; returns why it cannot be given to one any more. */
  keepEnvironment(spec: EnvironmentSpec): Promise<{ readonly reason: string }>;
  /** Lets the candidate's own SSH client in. */
  authorizeKey(request: { readonly spec: EnvironmentSpec; readonly publicKey: string }): Promise<void>;
  /**
   * One long activity while the candidate uses the environment: returns when a part is dead, when nobody could look for a while, or
   * when a limit is reached. The heartbeat carries the last good look, so that the next attempt knows how long nobody looked.
   */
  watchEnvironment(request: { readonly spec: EnvironmentSpec; readonly seen: LastLook }): Promise<WatchReport>;
  /** Starts a dead part again; returns when it answers, with what the next watch goes on from. */
  restartPart(request: {
    readonly spec: EnvironmentSpec;
    readonly part: WatchedPart;
  }): Promise<{ readonly ready: boolean; readonly seen: LastLook }>;
  /** Limits and use of each container, as they are now. */
  inspectEnvironment(spec: EnvironmentSpec): Promise<EnvironmentUse>;
  /** Revokes keys and ends every process of the candidate; the cluster stays for the grader. */
  closeEnvironment(spec: EnvironmentSpec): Promise<void>;
  /** Removes every trace: containers, volumes, network, folders. Succeeds when there is nothing left to remove. */
  destroyEnvironment(spec: EnvironmentSpec): Promise<void>;
}
