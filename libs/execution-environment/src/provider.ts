import type {
  EnvironmentFacts,
  EnvironmentSpec,
  EnvironmentUse,
  ExamSessionId,
  ExecutionEnvironmentId,
  LastLook,
  WatchedPart,
  WatchReport,
} from '@ckx/contracts';

/** What a booting environment is waited for, in order. */
export type Milestone = 'control_plane' | 'node_ready' | 'workloads';

/** A container that joins the session's network and volumes for a while, never held by the candidate; a checker while they work. */
export type ToolboxRole = 'setup' | 'grader' | 'checker';

export interface ExecRequest {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs: number;
  /** Of each stream, how much is kept: the first and the last half; the rest is counted and dropped. */
  readonly outputLimitBytes: number;
}

export interface ExecResult {
  /** null when the command was ended by the time limit. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly droppedBytes: number;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** One container of an environment as the engine sees it. */
export interface ContainerStatus {
  readonly name: string;
  readonly part: string;
  readonly running: boolean;
  readonly memoryBytes: number | null;
}

export interface EnvironmentInspection {
  readonly executionEnvironmentId: ExecutionEnvironmentId;
  readonly examSessionId: ExamSessionId;
  /** As its label says. */
  readonly installation: string;
  /** When its youngest resource was made, epoch milliseconds. */
  readonly youngestAt: number;
  readonly containers: readonly ContainerStatus[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** In a node that is shared. */
  readonly namespaces: readonly string[];
}

export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryMib: number;
  readonly userNamespaces: boolean;
  readonly liveRestore: boolean;
  /** Folder on the engine's machine where it keeps its data. */
  readonly dataDir: string;
  /** What is thinner than design §5 asks, a sentence each; empty on an engine of ours. */
  readonly thinWalls: readonly string[];
}

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** Called about once a second with what is being waited for. */
  readonly onProgress?: (detail: string) => void;
}

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Where the watch before this one ended. */
  readonly seen: LastLook;
  /** Called after each good look, about once a second. */
  readonly onLook: (seen: LastLook) => void;
}

/** How a part came back. */
export interface Restarted {
  /** false: it runs, but its Kubernetes did not come up in time, which may be the candidate's own doing. */
  readonly ready: boolean;
}

/**
 * Builds and removes the environments of one host. `docker` is the first provider; a later one puts terminal and desktop as pods
 * into an existing cluster, without a change above this interface. Every method is idempotent by environment id and may be
 * repeated after a crash at any point.
 *
 * Errors are CkxError: `operational` where a repeat may help (engine not answering), `user` where a person must act (an image that
 * is missing, a port in use), with a remedy.
 */
export interface EnvironmentProvider {
  describeEngine(): Promise<EngineFacts>;
  /** What exists is kept; what was made before its session is given its names. */
  create(spec: EnvironmentSpec, options: WaitOptions): Promise<void>;
  awaitMilestone(spec: EnvironmentSpec, until: Milestone, options: WaitOptions): Promise<void>;
  openTerminal(spec: EnvironmentSpec, options: WaitOptions): Promise<EnvironmentFacts>;
  /** Beside a terminal that is open, where the lab needs one; what is there is kept, and a desktop that ended is started again. */
  openDesktop(spec: EnvironmentSpec, options: WaitOptions): Promise<Pick<EnvironmentFacts, 'desktopSecret'>>;
  authorizeKey(spec: EnvironmentSpec, publicKey: string): Promise<void>;
  /** Of an environment that nobody uses yet, whose cluster has come up: all that its session would wait for and that is the same for any. */
  prepare(spec: EnvironmentSpec, options: WaitOptions): Promise<void>;
  /**
   * Looks every few seconds at an environment that nobody uses yet, whose cluster has come up. @returns why it is not, or no longer, one to give
   * to somebody; an engine that restarts is waited for.
   */
  keep(spec: EnvironmentSpec, options: WaitOptions): Promise<string>;
  /** Looks at its parts until there is something to tell; an engine that does not answer is waited for, within limits. */
  watch(spec: EnvironmentSpec, options: WatchOptions): Promise<WatchReport>;
  /** Starts a dead part again, with its state, addresses and ports; one that runs already is waited for. */
  restart(spec: EnvironmentSpec, part: WatchedPart, options: WaitOptions): Promise<Restarted>;
  /** When a part was started, ISO 8601; null where it does not run. */
  runsSince(spec: EnvironmentSpec, part: WatchedPart): Promise<string | null>;
  /** Limits and use of each part, as they are now. */
  inspect(spec: EnvironmentSpec): Promise<EnvironmentUse>;
  /** Revokes every key, ends every process of the candidate. */
  close(spec: EnvironmentSpec): Promise<void>;
  /** `assets` is a folder on this host, put at /tmp/exam-assets in the toolbox; one that exists is replaced, unless `prepare` made it. */
  openToolbox(spec: EnvironmentSpec, role: ToolboxRole, assets: string): Promise<void>;
  /** Runs as root in the toolbox; the process and its children are gone when this returns. */
  exec(spec: EnvironmentSpec, role: ToolboxRole, request: ExecRequest, signal: AbortSignal): Promise<ExecResult>;
  closeToolbox(spec: EnvironmentSpec, role: ToolboxRole): Promise<void>;
  /** @param examSessionId whose it was; an environment that was made before its session says so on none of its labels. */
  destroy(executionEnvironmentId: ExecutionEnvironmentId, examSessionId?: ExamSessionId): Promise<void>;
  /** Everything that carries this installation's label. */
  list(): Promise<readonly EnvironmentInspection[]>;
}
