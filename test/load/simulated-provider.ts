/** A provider whose containers are files. Everything that a session's workflow can ask of it, it does, in tens of milliseconds. */
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CkxError,
  watchedPartsOf,
  type WatchedPart,
  type EnvironmentFacts,
  type EnvironmentSpec,
  type EnvironmentUse,
  type ExecutionEnvironmentId,
  type LastLook,
  type WatchReport,
} from '@ckx/contracts';
import {
  assetsFolder,
  environmentFolder,
  type EngineFacts,
  type EnvironmentInspection,
  type EnvironmentProvider,
  type ExecRequest,
  type ExecResult,
  type Milestone,
  type Restarted,
  type ToolboxRole,
  type WaitOptions,
  type WatchOptions,
} from '@ckx/execution-environment';
import { between, isSolved } from './chance.ts';
import { PARTS, type Part, type PartRecord, type SimulatedEngine } from './simulated-engine.ts';

const LOOK_INTERVAL_MS = 1_000;
/** As long as the provider of Docker takes for an absence. */
const ABSENCE_MS = 5_000;
const ASSETS = '/tmp/exam-assets/';

export interface SimulatedProviderOptions {
  readonly engine: SimulatedEngine;
  readonly engineFolder: string;
  readonly installation: string;
  readonly workDir: string;
  readonly seed: string;
}

export class SimulatedProvider implements EnvironmentProvider {
  readonly #options: SimulatedProviderOptions;
  readonly #engine: SimulatedEngine;

  constructor(options: SimulatedProviderOptions) {
    this.#options = options;
    this.#engine = options.engine;
  }

  describeEngine(): Promise<EngineFacts> {
    const { engineFolder: dataDir } = this.#options;
    const size = { cpus: 1, memoryMib: 1_024 };
    const walls = { userNamespaces: true, liveRestore: true, thinWalls: [] };
    return Promise.resolve({ version: 'simulated', apiVersion: '0', dataDir, ...size, ...walls });
  }

  async create(spec: EnvironmentSpec, { signal }: WaitOptions): Promise<void> {
    for (const part of ['network', 'home', ...watchedPartsOf(spec.needs)] as const) {
      await this.#takesTime(spec, part, 10, 80, signal);
      if ((await this.#read(spec, part)) === null) await this.#write(spec, part, this.#fresh(spec));
    }
  }

  async awaitMilestone(spec: EnvironmentSpec, until: Milestone, { signal, onProgress }: WaitOptions): Promise<void> {
    onProgress?.(until);
    await this.#takesTime(spec, until, 20, 200, signal);
    await this.#running(spec, 'node');
  }

  async openTerminal(spec: EnvironmentSpec, { signal }: WaitOptions): Promise<EnvironmentFacts> {
    await this.#takesTime(spec, 'openTerminal', 20, 100, signal);
    await this.#note(spec, 'terminal', 'open');
    return { sshHostKey: 'ssh-ed25519 AAAA', nodes: [{ name: 'controlplane', address: spec.subnet.replace(/\.\d+\/26$/, '.2') }] };
  }

  async openDesktop(spec: EnvironmentSpec, { signal }: WaitOptions): Promise<Pick<EnvironmentFacts, 'desktopSecret'>> {
    await this.#takesTime(spec, 'openDesktop', 20, 100, signal);
    await this.#note(spec, 'desktop', 'open');
    return { desktopSecret: 'sealed' };
  }

  async authorizeKey(spec: EnvironmentSpec, publicKey: string): Promise<void> {
    await this.#note(spec, 'terminal', `key ${publicKey}`);
  }

  async prepare(spec: EnvironmentSpec, { signal }: WaitOptions): Promise<void> {
    await this.#takesTime(spec, 'prepare', 20, 100, signal);
  }

  async keep(spec: EnvironmentSpec, { signal }: WaitOptions): Promise<string> {
    for (;;) {
      for (const part of watchedPartsOf(spec.needs))
        if ((await this.#read(spec, part))?.running !== true) return `The ${part} does not run.`;
      await sleep(LOOK_INTERVAL_MS, undefined, { signal });
    }
  }

  async watch(spec: EnvironmentSpec, { signal, seen, onLook }: WatchOptions): Promise<WatchReport> {
    let last: LastLook = seen;
    for (;;) {
      const atMs = Date.now();
      if (atMs - last.atMs > ABSENCE_MS) {
        return { finding: { kind: 'gap', cause: 'host', fromMs: last.atMs, toMs: atMs }, seen: { ...last, atMs } };
      }
      const startedAt: LastLook['startedAt'] = {};
      for (const part of watchedPartsOf(spec.needs)) {
        const record = await this.#read(spec, part);
        const before = last.startedAt[part];
        const isNew = before !== undefined && before !== record?.startedAt;
        if (record?.running !== true || isNew) {
          const reason = record === null ? 'its container is not there' : isNew ? 'it was started anew' : 'it ended';
          return { finding: { kind: 'down', part, reason }, seen: { ...last, atMs } };
        }
        startedAt[part] = record.startedAt;
      }
      last = { atMs, startedAt };
      onLook(last);
      await sleep(LOOK_INTERVAL_MS, undefined, { signal });
    }
  }

  async restart(spec: EnvironmentSpec, part: WatchedPart, { signal }: WaitOptions): Promise<Restarted> {
    await this.#takesTime(spec, `restart ${part}`, 50, 300, signal);
    const record = await this.#read(spec, part);
    if (record === null) throw new CkxError('bug', 'NODE_GONE', `The ${part} is not there any more.`);
    if (!record.running) await this.#write(spec, part, { ...record, running: true, startedAt: new Date().toISOString() });
    return { ready: true };
  }

  async runsSince(spec: EnvironmentSpec, part: WatchedPart): Promise<string | null> {
    const record = await this.#read(spec, part);
    return record?.running === true ? record.startedAt : null;
  }

  async inspect(spec: EnvironmentSpec): Promise<EnvironmentUse> {
    const parts = Object.entries(await this.#engine.partsOf(spec.executionEnvironmentId)).filter(([part]) => isContainer(part));
    const nothing = { cpuMillis: null, memoryMib: null, processes: null, diskMib: null };
    const limits = { cpuMillis: 1, memoryMib: 1, processes: 1, diskMib: null };
    return {
      executionEnvironmentId: spec.executionEnvironmentId,
      hostId: spec.hostId,
      parts: parts.map(([part, { running, startedAt }]) => ({ part, name: part, running, startedAt, restarts: 0, limits, use: nothing })),
    };
  }

  async close(spec: EnvironmentSpec): Promise<void> {
    const terminal = await this.#read(spec, 'terminal');
    if (terminal !== null) await this.#write(spec, 'terminal', { ...terminal, notes: ['closed'] });
  }

  async openToolbox(spec: EnvironmentSpec, role: ToolboxRole): Promise<void> {
    await this.#takesTime(spec, `open ${role}`, 20, 120);
    await this.#running(spec, 'node');
    await this.#write(spec, role, this.#fresh(spec));
  }

  async exec(spec: EnvironmentSpec, role: ToolboxRole, { command }: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
    const what = command.join(' ');
    const begun = performance.now();
    await this.#takesTime(spec, what, 10, 150, signal);
    await this.#running(spec, role);
    // What graders ask beside checks: nothing happens to a simulated API server, and there are no objects.
    const asked = { stderr: '', droppedBytes: 0, timedOut: false, durationMs: 1 };
    if (command.includes('ckx-look')) return { ...asked, exitCode: 0, stdout: '0\napi simulated\n' };
    if (command.includes('ckx-objects')) return { ...asked, exitCode: 1, stdout: '' };
    const exitCode = role !== 'setup' ? await this.#check(spec, command) : await this.#setUp(spec, what);
    const output = { stdout: exitCode === 0 ? 'as it should be\n' : 'not as it should be\n', stderr: '', droppedBytes: 0 };
    return { exitCode, ...output, timedOut: false, durationMs: Math.round(performance.now() - begun) };
  }

  closeToolbox(spec: EnvironmentSpec, role: ToolboxRole): Promise<void> {
    return this.#engine.remove(spec.executionEnvironmentId, role);
  }

  async destroy(executionEnvironmentId: ExecutionEnvironmentId): Promise<void> {
    const found = await this.#engine.partsOf(executionEnvironmentId);
    const sessions = new Set(Object.values(found).map(({ examSessionId }) => examSessionId));
    for (const part of PARTS.toReversed()) {
      if (part === 'network') {
        for (const id of sessions) await this.#removeFolders(id);
      }
      if (found[part] !== undefined) await sleep(between(5, 40, executionEnvironmentId, part));
      await this.#engine.remove(executionEnvironmentId, part);
    }
  }

  async list(): Promise<readonly EnvironmentInspection[]> {
    const environments = await Promise.all(
      (await this.#engine.environments()).map(async (executionEnvironmentId): Promise<EnvironmentInspection[]> => {
        const parts = Object.entries(await this.#engine.partsOf(executionEnvironmentId));
        const [first] = parts;
        if (first === undefined) return [];
        const { examSessionId, installation } = first[1];
        const containers = parts
          .filter(([part]) => isContainer(part))
          .map(([part, { running }]) => ({ name: part, part, running, memoryBytes: null }));
        const of = (wanted: Part) => parts.filter(([part]) => part === wanted).map(([part]) => part);
        const youngestAt = Math.max(...parts.map(([, { createdAt }]) => createdAt));
        return [
          {
            executionEnvironmentId,
            examSessionId,
            installation,
            youngestAt,
            containers,
            networks: of('network'),
            volumes: of('home'),
            namespaces: [],
          },
        ];
      }),
    );
    return environments.flat().filter(({ installation }) => installation === this.#options.installation);
  }

  /** A node that is down fails every check, as kubectl would; otherwise the rule decides. */
  async #check(spec: EnvironmentSpec, command: readonly string[]): Promise<number> {
    if ((await this.#read(spec, 'node'))?.running !== true) return 1;
    const script = command.at(-1)?.replace(ASSETS, '') ?? '';
    return isSolved(this.#options.seed, spec.examSessionId, script) ? 0 : 1;
  }

  /** Once for each toolbox, as the marker in a real one has it. */
  async #setUp(spec: EnvironmentSpec, what: string): Promise<number> {
    await this.#running(spec, 'node');
    await this.#note(spec, 'setup', what.slice(-80));
    return 0;
  }

  async #removeFolders(examSessionId: PartRecord['examSessionId']): Promise<void> {
    const { workDir } = this.#options;
    for (const folder of [environmentFolder(workDir, examSessionId), assetsFolder(workDir, examSessionId)]) {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** @throws CkxError operational where the part does not run: a repeat may find it started again. */
  async #running(spec: EnvironmentSpec, part: Part): Promise<PartRecord> {
    const record = await this.#read(spec, part);
    if (record?.running !== true) throw new CkxError('operational', 'CONTAINER_NOT_RUNNING', `The ${part} does not run.`);
    return record;
  }

  async #note(spec: EnvironmentSpec, part: Part, note: string): Promise<void> {
    const record = await this.#running(spec, part);
    if (!record.notes.includes(note)) await this.#write(spec, part, { ...record, notes: [...record.notes, note] });
  }

  #read(spec: EnvironmentSpec, part: Part): Promise<PartRecord | null> {
    return this.#engine.read(spec.executionEnvironmentId, part);
  }

  #write(spec: EnvironmentSpec, part: Part, record: PartRecord): Promise<void> {
    return this.#engine.write(spec.executionEnvironmentId, part, record);
  }

  #fresh({ examSessionId }: EnvironmentSpec): PartRecord {
    const { installation } = this.#options;
    return { installation, examSessionId, createdAt: Date.now(), startedAt: new Date().toISOString(), running: true, notes: [] };
  }

  async #takesTime(spec: EnvironmentSpec, what: string, leastMs: number, mostMs: number, signal?: AbortSignal): Promise<void> {
    const ms = between(leastMs, mostMs, this.#options.seed, spec.executionEnvironmentId, what);
    await sleep(ms, undefined, { ...(signal && { signal }) });
  }
}

function isContainer(part: string): boolean {
  return part !== 'network' && part !== 'home';
}
