/** The real control worker, and a host whose environments are made of nothing. */
import { attended } from '@ckx/activities/host';
import { createRecordActivities } from '@ckx/activities/records';
import type { EnvironmentActivities, GradingActivities, HostActivities, QuestionActivities } from '@ckx/activities';
import {
  CheckId,
  EXAM_SESSIONS_TASK_QUEUE,
  HostId,
  hostTaskQueue,
  hostWorkflowId,
  type QuestionId,
  type QuestionResult,
} from '@ckx/contracts';
import { HOST_WORKFLOW, hostUpSignal } from '@ckx/contracts/host-workflow';
import type { DataSource } from '@ckx/persistence';
import { activityInterceptors } from '@ckx/telemetry/temporal';
import { workflowBundle } from '@ckx/workflows/bundle';
import { HOST_FACTS } from '@ckx/test-support/records';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type HostRole = EnvironmentActivities & QuestionActivities & GradingActivities & HostActivities;

const hostId = HostId.parse('host-of-test');

export interface Workers {
  /** Ends the control worker alone: the engine takes messages, and answers none. */
  stopControl(): Promise<void>;
  stop(): Promise<void>;
}

/** @param authorizeKey what a terminal does with a key; the rest of the host always succeeds. */
export async function startWorkers(
  temporal: { address: string; namespace: string },
  dataSource: DataSource,
  authorizeKey: HostRole['authorizeKey'],
): Promise<Workers> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { address, namespace } = temporal;
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const control = await Worker.create({
    connection,
    namespace,
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    interceptors: activityInterceptors(),
    workflowBundle: await workflowBundle(join(tmpdir(), 'ckx-test-bundles')),
    activities: createRecordActivities({ dataSource, client, maxConcurrentSessions: 50 }),
  });
  const host = await Worker.create({
    connection,
    namespace,
    taskQueue: hostTaskQueue(hostId),
    interceptors: activityInterceptors(),
    activities: { ...quietHost, authorizeKey },
  });
  const ended = [control.run(), host.run()] as const;
  await client.workflow.signalWithStart(HOST_WORKFLOW, {
    workflowId: hostWorkflowId(hostId),
    taskQueue: EXAM_SESSIONS_TASK_QUEUE,
    args: [{ hostId }],
    signal: hostUpSignal,
    signalArgs: [],
  });
  const stopControl = async () => {
    if (control.getState() === 'RUNNING') control.shutdown();
    await ended[0];
  };
  return {
    stopControl,
    stop: async () => {
      host.shutdown();
      await Promise.all([stopControl(), ended[1]]);
      await connection.close();
    },
  };
}

/** A watch that finds nothing. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')));
  });
}

const nothing = () => Promise.resolve();

const grade = ({ questionId }: { readonly questionId: QuestionId }): Promise<QuestionResult> =>
  Promise.resolve({
    questionId,
    checks: [
      {
        checkId: CheckId.parse('file-greets'),
        description: 'The file greets',
        weight: 2,
        verdict: 'passed',
        evidence: 'hello',
        exitCode: 0,
        durationMs: 1,
      },
      {
        checkId: CheckId.parse('file-is-short'),
        description: 'One line',
        weight: 1,
        verdict: 'failed',
        evidence: 'two',
        exitCode: 1,
        durationMs: 1,
      },
    ],
  });

const quietHost: HostRole = {
  createEnvironment: nothing,
  awaitEnvironment: nothing,
  openTerminal: () =>
    Promise.resolve({
      sshHostKey: 'ssh-ed25519 AAAA',
      nodes: [],
      machines: [{ name: 'controlplane', address: '10.213.0.2', hostKey: 'ssh-ed25519 BBBB' }],
    }),
  openDesktop: () => Promise.resolve({}),
  prepareEnvironment: nothing,
  keepEnvironment: () => attended(({ signal }) => untilAborted(signal)),
  authorizeKey: nothing,
  watchEnvironment: () => attended(({ signal }) => untilAborted(signal)),
  restartPart: () => Promise.resolve({ ready: true, seen: { atMs: Date.now(), startedAt: {} } }),
  inspectEnvironment: ({ executionEnvironmentId, hostId }) => Promise.resolve({ executionEnvironmentId, hostId, parts: [] }),
  closeEnvironment: nothing,
  destroyEnvironment: nothing,
  prepareQuestions: nothing,
  setUpQuestion: nothing,
  finishQuestions: nothing,
  openGrader: nothing,
  gradeQuestion: grade,
  checkQuestion: grade,
  closeGrader: nothing,
  describeHost: () =>
    Promise.resolve({
      hostId,
      ...HOST_FACTS,
      bootSlots: 8,
    }),
};
