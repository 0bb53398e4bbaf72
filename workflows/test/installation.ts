/** A control worker, a scripted host and a client on a real Temporal server and a real Postgres. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBillingActivities } from '@ckx/activities/billing';
import { createRecordActivities } from '@ckx/activities/records';
import { SandboxProvider } from '@ckx/billing';
import {
  EXAM_SESSIONS_TASK_QUEUE,
  HostId,
  hostTaskQueue,
  hostWorkflowId,
  type ExamSessionId,
  type LabPin,
  type SessionState,
} from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW, examSessionStart, type ExamSessionInput } from '@ckx/contracts/exam-session';
import { HOST_WORKFLOW, hostUpSignal } from '@ckx/contracts/host-workflow';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  openDatabase,
  PortAllocationEntity,
  type DataSource,
  type ExamSessionRow,
} from '@ckx/persistence';
import { insertSession, LAB } from '@ckx/test-support/records';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { workflowBundle } from '../bundle/index.ts';
import { ScriptedHost } from './scripted-host.ts';

/** Memory of one environment of `LAB`, by the units of design §5. */
export const ONE_ENVIRONMENT_MIB = 4_608;

/** A worker that can be stopped and started again. */
export interface Running {
  stop(): Promise<void>;
}

export interface Installation {
  readonly client: Client;
  readonly dataSource: DataSource;
  readonly host: ScriptedHost;
  startControl(): Promise<Running>;
  startHost(): Promise<Running>;
  /** A host's worker in a process of its own, that never comes to the end of an activity. */
  spawnHangingHost(activity: string): { hangs(): Promise<void>; kill(): Promise<void> };
  /** As a host's worker does when it starts. */
  announceHost(): Promise<void>;
  /** A session's row and its workflow. */
  startSession(
    options?: Partial<Pick<ExamSessionInput, 'graceMs' | 'provisionTimeoutMs' | 'userId' | 'extraTimeMs' | 'rehearsal' | 'mode'>> & {
      lab?: Partial<LabPin>;
    },
  ): Promise<{ readonly id: ExamSessionId; readonly workflow: WorkflowHandle }>;
  session(id: ExamSessionId): Promise<ExamSessionRow>;
  waitForState(id: ExamSessionId, state: SessionState): Promise<ExamSessionRow>;
  /** What is left of a session's environment: nothing, once it is destroyed. */
  leftovers(id: ExamSessionId): Promise<{ readonly state: string | null; readonly ports: number }>;
  stop(): Promise<void>;
}

export interface Services {
  readonly databaseUrl: string;
  readonly address: string;
  readonly namespace: string;
}

/** @param capacity environments that the host holds at once. No worker runs yet. */
export async function createInstallation({ databaseUrl, address, namespace }: Services, capacity = 8): Promise<Installation> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const dataSource = await openDatabase(databaseUrl);
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const hostId = HostId.parse('host-of-test');
  const host = new ScriptedHost(hostId, { memoryMib: capacity * ONE_ENVIRONMENT_MIB });
  const running = new Set<Running>();
  const spawned = new Set<ChildProcess>();

  const start = (worker: Worker): Running => {
    const ended = worker.run();
    const handle: Running = {
      stop: async () => {
        if (!running.delete(handle)) return;
        worker.shutdown();
        await ended;
      },
    };
    running.add(handle);
    return handle;
  };

  const installation: Installation = {
    client,
    dataSource,
    host,
    startControl: async () =>
      start(
        await Worker.create({
          connection,
          namespace,
          taskQueue: EXAM_SESSIONS_TASK_QUEUE,
          workflowBundle: await workflowBundle(join(tmpdir(), 'ckx-test-bundles')),
          activities: {
            ...createRecordActivities({ dataSource, client, maxConcurrentSessions: 50 }),
            ...createBillingActivities({ dataSource, client, provider: new SandboxProvider(dataSource, 'http://127.0.0.1') }),
          },
        }),
      ),
    startHost: async () =>
      start(
        await Worker.create({
          connection,
          namespace,
          taskQueue: hostTaskQueue(hostId),
          activities: host.activities(),
          // As the host role has it: a cancellation reaches an activity with the answer to a heartbeat.
          maxHeartbeatThrottleInterval: '1 s',
        }),
      ),
    spawnHangingHost: (activity) => {
      const script = join(import.meta.dirname, 'hanging-host.ts');
      // As large as the one whose place it takes: it may be asked what it is.
      const args = [script, address, namespace, hostId, activity, String(host.facts.memoryMib)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      spawned.add(child);
      return {
        hangs: async () => {
          await once(child.stdout, 'data');
        },
        kill: async () => {
          spawned.delete(child);
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        },
      };
    },
    announceHost: async () => {
      await client.workflow.signalWithStart(HOST_WORKFLOW, {
        workflowId: hostWorkflowId(hostId),
        taskQueue: EXAM_SESSIONS_TASK_QUEUE,
        args: [{ hostId }],
        signal: hostUpSignal,
        signalArgs: [],
      });
    },
    startSession: async ({ graceMs = 60_000, provisionTimeoutMs = 30_000, lab: changes = {}, ...values } = {}) => {
      const lab = { ...LAB, ...changes };
      const id = await insertSession(dataSource.manager, { lab, ...values });
      const { userId, labTitle, extraTimeMs, rehearsal, mode } = await installation.session(id);
      const options = examSessionStart({ id, userId, labTitle, lab, extraTimeMs, rehearsal, mode }, { graceMs, provisionTimeoutMs });
      return { id, workflow: await client.workflow.start(EXAM_SESSION_WORKFLOW, options) };
    },
    session: (id) => dataSource.manager.findOneByOrFail(ExamSessionEntity, { id }),
    waitForState: (id, state) =>
      eventually(async () => {
        const row = await installation.session(id);
        if (row.state !== state) throw new Error(`session is ${row.state}, not ${state}: ${JSON.stringify(row.failure ?? row.waiting)}`);
        return row;
      }),
    leftovers: async (examSessionId) => {
      const environment = await dataSource.manager.findOneBy(EnvironmentEntity, { examSessionId });
      const ports = environment === null ? 0 : await dataSource.manager.countBy(PortAllocationEntity, { environmentId: environment.id });
      return { state: environment?.state ?? null, ports };
    },
    stop: async () => {
      for (const child of spawned) child.kill('SIGKILL');
      host.reset();
      await Promise.all([...running].map((worker) => worker.stop()));
      await connection.close();
      await dataSource.destroy();
    },
  };

  return installation;
}

/** With both workers, and the host on record. */
export async function startInstallation(services: Services, capacity?: number): Promise<Installation> {
  const installation = await createInstallation(services, capacity);
  await installation.startControl();
  await installation.startHost();
  await installation.announceHost();
  await eventually(() => installation.dataSource.manager.findOneByOrFail(HostEntity, { state: 'active' }));
  return installation;
}

/** Repeats until it throws no more. */
export async function eventually<T>(look: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
