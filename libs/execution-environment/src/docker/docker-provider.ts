import {
  nodesOf,
  type EnvironmentFacts,
  type EnvironmentSpec,
  type EnvironmentUse,
  type ExamSessionId,
  type ExecutionEnvironmentId,
  type WatchedPart,
  type WatchReport,
} from '@ckx/contracts';
import { isOnThisMachine } from '@ckx/host-walls';
import type {
  EngineFacts,
  EnvironmentInspection,
  EnvironmentProvider,
  ExecRequest,
  ExecResult,
  Milestone,
  Restarted,
  ToolboxRole,
  WaitOptions,
  WatchOptions,
} from '../provider.ts';
import { destroy, list, resumeStopped } from './cleanup.ts';
import { ensureRunning } from './containers.ts';
import type { DockerContext } from './context.ts';
import { closeDesktop, openDesktop } from './desktop.ts';
import { closeDocumentation } from './documentation.ts';
import { connectEngine, describeEngine } from './engine.ts';
import { containerName } from './naming.ts';
import { inspectEnvironment } from './inspect.ts';
import { ensureNetwork, ensureVolume } from './network.ts';
import { awaitMilestone } from './node.ts';
import { containersOf, volumesOf } from './parts/index.ts';
import { readContainerSettings } from './settings.ts';
import { authorizeKey, closeTerminal, openTerminal } from './terminal.ts';
import { restart, runsSince } from './restart.ts';
import { awaitEngine } from './session-engine.ts';
import { giveWay, joinSharedNode, tendSharedNode } from './shared/care.ts';
import { emptyMemory, inTurn } from './shared/memory.ts';
import { removeSharedNode } from './shared/node.ts';
import { awaitShared } from './shared/stand.ts';
import { closeToolbox, execInToolbox, openToolbox } from './toolbox.ts';
import { adopt, keep, prepare } from './warm.ts';
import { watch } from './watch.ts';

export interface DockerProviderOptions extends Omit<DockerContext, 'docker' | 'settings' | 'besideEngine' | 'documentation' | 'shared'> {
  /** As in the variable DOCKER_HOST; the socket of this machine where undefined. */
  readonly dockerHost?: string | undefined;
}

/** Environments as containers of one Docker engine. */
export class DockerProvider implements EnvironmentProvider {
  readonly #context: DockerContext;

  private constructor(context: DockerContext) {
    this.#context = context;
  }

  static async open({ dockerHost, ...options }: DockerProviderOptions): Promise<DockerProvider> {
    const [node, terminal, desktop, engine] = await Promise.all([
      readContainerSettings('node'),
      readContainerSettings('terminal'),
      readContainerSettings('desktop'),
      readContainerSettings('engine'),
    ]);
    return new DockerProvider({
      ...options,
      docker: connectEngine(dockerHost),
      settings: { node, terminal, desktop, engine },
      besideEngine: isOnThisMachine(dockerHost),
      documentation: new Map(),
      shared: emptyMemory(),
    });
  }

  describeEngine(): Promise<EngineFacts> {
    return describeEngine(this.#context.docker);
  }

  async create(spec: EnvironmentSpec, { signal, onProgress }: WaitOptions): Promise<void> {
    const context = this.#context;
    const containers = containersOf(context, spec);
    onProgress?.('network and volumes');
    await ensureNetwork(context, spec);
    await Promise.all(volumesOf(spec.needs).map((purpose) => ensureVolume(context, spec, purpose)));
    signal.throwIfAborted();
    onProgress?.('containers');
    if (spec.needs.cluster !== 'namespace') await giveWay(context, spec);
    if (spec.bornWarm === true) await adopt(context, spec);
    await Promise.all([
      ...containers.map(({ part, options }) => ensureRunning(context, spec, containerName(spec.examSessionId, part), options)),
      spec.needs.cluster === 'namespace' && joinSharedNode(context, spec),
    ]);
  }

  async awaitMilestone(spec: EnvironmentSpec, until: Milestone, options: WaitOptions): Promise<void> {
    const { needs } = spec;
    await Promise.all([
      nodesOf(needs).length > 0 && awaitMilestone(this.#context, spec, until, options),
      needs.cluster === 'namespace' && awaitShared(this.#context, spec, until, options),
      needs.dockerEngine && until === 'workloads' && awaitEngine(this.#context, spec, options),
    ]);
  }

  openTerminal(spec: EnvironmentSpec, options: WaitOptions): Promise<EnvironmentFacts> {
    return openTerminal(this.#context, spec, options);
  }

  openDesktop(spec: EnvironmentSpec, options: WaitOptions): Promise<Pick<EnvironmentFacts, 'desktopSecret'>> {
    return openDesktop(this.#context, spec, options);
  }

  authorizeKey(spec: EnvironmentSpec, publicKey: string): Promise<void> {
    return authorizeKey(this.#context, spec, publicKey);
  }

  prepare(spec: EnvironmentSpec, options: WaitOptions): Promise<void> {
    return prepare(this.#context, spec, options);
  }

  keep(spec: EnvironmentSpec, options: WaitOptions): Promise<string> {
    return keep(this.#context, spec, options);
  }

  watch(spec: EnvironmentSpec, options: WatchOptions): Promise<WatchReport> {
    return watch(this.#context, spec, options);
  }

  runsSince(spec: EnvironmentSpec, part: WatchedPart): Promise<string | null> {
    return runsSince(this.#context, spec, part);
  }

  restart(spec: EnvironmentSpec, part: WatchedPart, options: WaitOptions): Promise<Restarted> {
    return restart(this.#context, spec, part, options);
  }

  inspect(spec: EnvironmentSpec): Promise<EnvironmentUse> {
    return inspectEnvironment(this.#context, spec);
  }

  async close(spec: EnvironmentSpec): Promise<void> {
    await Promise.all([closeTerminal(this.#context, spec), closeDesktop(this.#context, spec)]);
  }

  openToolbox(spec: EnvironmentSpec, role: ToolboxRole, assets: string): Promise<void> {
    return openToolbox(this.#context, spec, role, assets);
  }

  exec(spec: EnvironmentSpec, role: ToolboxRole, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
    return execInToolbox(this.#context, spec, role, request, signal);
  }

  closeToolbox(spec: EnvironmentSpec, role: ToolboxRole): Promise<void> {
    return closeToolbox(this.#context, spec, role);
  }

  async destroy(executionEnvironmentId: ExecutionEnvironmentId, examSessionId?: ExamSessionId): Promise<void> {
    await closeDocumentation(this.#context, executionEnvironmentId);
    await destroy(this.#context, executionEnvironmentId, examSessionId);
  }

  list(): Promise<readonly EnvironmentInspection[]> {
    return list(this.#context);
  }

  /**
   * To be called about once a minute.
   *
   * @param nowMs of a clock that nobody sets.
   * @returns what became of the node that sessions share, a sentence, where anything did.
   */
  tendSharedNode(nowMs?: number): Promise<string | null> {
    return tendSharedNode(this.#context, nowMs);
  }

  /** Now, whoever uses it. */
  removeSharedNode(): Promise<void> {
    return inTurn(this.#context.shared, () => removeSharedNode(this.#context));
  }

  /** After a restart of the machine or the engine. @returns names of the containers that were started. */
  resumeStopped(): Promise<readonly string[]> {
    return resumeStopped(this.#context);
  }
}
