/** Sessions whose histories are kept, one for each path through the workflow; recorded by record-histories.ts, replayed by replay.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentNeeds, hostWorkflowId, LabPin, type WatchFinding } from '@ckx/contracts';
import {
  authorizeKeyUpdate,
  CHECK_PAUSE_MS,
  checkQuestionUpdate,
  creditUpdate,
  extendUpdate,
  inspectUpdate,
  startClockSignal,
  submitSignal,
  terminateSignal,
} from '@ckx/contracts/exam-session';
import { EnvironmentEntity, SessionEventEntity } from '@ckx/persistence';
import { ApplicationFailure, type WorkflowHandle } from '@temporalio/client';
import { ACCESS_SCENARIOS } from './access-scenarios.ts';
import { eventually, type Installation } from './installation.ts';
import { MAINTENANCE_SCENARIOS } from './maintenance-scenarios.ts';

const CANCEL = { outcome: 'cancelled', reason: 'recorded' } as const;
const NODE_DOWN: WatchFinding = { kind: 'down', part: 'node', reason: 'it ended with exit code 137' };
const EXPIRES_SOON = { graceMs: 1, lab: { durationMs: 300 } } as const;
/** Six of them, each with a setup. */
const questionsWithSetup = (setupBeside: boolean) =>
  LabPin.shape.questions.parse(
    [1, 2, 3, 4, 5, 6].map((number) => ({
      id: `q${number}`,
      title: `Question ${number}`,
      domain: 'Workloads',
      hasSetup: true,
      ...(setupBeside && { setupBeside }),
      checkIds: ['c1'],
    })),
  );

/** Each returns when its workflow has gone the way of its name; the installation's host holds one environment. */
export const SCENARIOS: Readonly<Record<string, (ckx: Installation) => Promise<WorkflowHandle>>> = {
  submitted: async (ckx) => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    await workflow.executeUpdate(authorizeKeyUpdate, { args: [{ publicKey: 'ssh-ed25519 AAAA' }] });
    await workflow.signal(startClockSignal);
    await ckx.waitForState(id, 'running');
    await workflow.executeUpdate(extendUpdate, { args: [{ milliseconds: 60_000, reason: 'recorded' }] });
    await workflow.signal(submitSignal);
    await workflow.result();
    return workflow;
  },
  practised: async (ckx) => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1, mode: 'practice' });
    const { lab } = await ckx.waitForState(id, 'running');
    const [first, second] = lab.questions.map(({ id: questionId }) => ({ args: [{ questionId }] as [{ questionId: typeof questionId }] }));
    if (first === undefined || second === undefined) throw new Error('the lab has two questions');
    await workflow.executeUpdate(checkQuestionUpdate, first);
    // The second is under way when the session ends.
    ckx.host.before.checkQuestion = ckx.host.hangUntilCancelled;
    await sleep(CHECK_PAUSE_MS + 500);
    await workflow.startUpdate(checkQuestionUpdate, { ...second, waitForStage: 'ACCEPTED' });
    await eventually(() => {
      if (ckx.host.calls.at(-1) !== `checkQuestion:${second.args[0].questionId}`) throw new Error('not begun yet');
      return Promise.resolve();
    });
    await workflow.signal(submitSignal);
    await workflow.result();
    ckx.host.reset();
    return workflow;
  },
  expired: async (ckx) => {
    const { workflow } = await ckx.startSession(EXPIRES_SOON);
    await workflow.result();
    return workflow;
  },
  'cancelled-while-waiting': async (ckx) => {
    const first = await ckx.startSession();
    await ckx.waitForState(first.id, 'ready');
    const second = await ckx.startSession();
    await eventually(async () => {
      if ((await ckx.session(second.id)).waiting === null) throw new Error('not waiting yet');
    });
    await second.workflow.signal(terminateSignal, CANCEL);
    await second.workflow.result();
    await first.workflow.signal(terminateSignal, CANCEL);
    await first.workflow.result();
    return second.workflow;
  },
  'cancelled-while-built': async (ckx) => {
    ckx.host.before.createEnvironment = ckx.host.hang;
    const { id, workflow } = await ckx.startSession();
    await eventually(() => {
      if (ckx.host.calls.at(-1) !== 'createEnvironment') throw new Error('not begun yet');
      return Promise.resolve();
    });
    await workflow.signal(terminateSignal, CANCEL);
    await ckx.waitForState(id, 'terminated');
    ckx.host.reset();
    await workflow.result();
    return workflow;
  },
  'terminated-while-running': async (ckx) => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1 });
    await ckx.waitForState(id, 'running');
    await workflow.signal(terminateSignal, { outcome: 'terminated_by_admin', reason: 'recorded' });
    await workflow.result();
    return workflow;
  },
  'provisioning-timed-out': async (ckx) => {
    ckx.host.before.awaitEnvironment = (until) => (until === 'node_ready' ? ckx.host.hang() : Promise.resolve());
    const { id, workflow } = await ckx.startSession({ provisionTimeoutMs: 1_500 });
    await ckx.waitForState(id, 'failed');
    ckx.host.reset();
    await workflow.result();
    return workflow;
  },
  'setup-failed': async (ckx) => {
    ckx.host.before.setUpQuestion = () => Promise.reject(ApplicationFailure.nonRetryable('syntax error', 'QUESTION_SETUP_FAILED'));
    const { workflow } = await ckx.startSession();
    await workflow.result();
    ckx.host.reset();
    return workflow;
  },
  'setups-in-order': async (ckx) => {
    const { workflow } = await ckx.startSession({ ...EXPIRES_SOON, lab: { durationMs: 300, questions: questionsWithSetup(false) } });
    await workflow.result();
    return workflow;
  },
  'setups-at-once': async (ckx) => {
    const { workflow } = await ckx.startSession({ ...EXPIRES_SOON, lab: { durationMs: 300, questions: questionsWithSetup(true) } });
    await workflow.result();
    return workflow;
  },
  'graded-at-once': async (ckx) => {
    const { workflow } = await ckx.startSession({ ...EXPIRES_SOON, lab: { durationMs: 300, questions: questionsWithSetup(false) } });
    await workflow.result();
    return workflow;
  },
  'question-errored': async (ckx) => {
    ckx.host.before.gradeQuestion = (id) =>
      id === 'q2' ? Promise.reject(ApplicationFailure.nonRetryable('the grader died', 'EXEC_STUCK')) : Promise.resolve();
    const { workflow } = await ckx.startSession(EXPIRES_SOON);
    await workflow.result();
    ckx.host.reset();
    return workflow;
  },
  rehearsed: async (ckx) => {
    const { workflow } = await ckx.startSession({ ...EXPIRES_SOON, rehearsal: true });
    await workflow.result();
    return workflow;
  },
  'grading-failed': async (ckx) => {
    ckx.host.before.openGrader = () => Promise.reject(ApplicationFailure.nonRetryable('no image', 'IMAGE_MISSING'));
    const { workflow } = await ckx.startSession(EXPIRES_SOON);
    await workflow.result();
    ckx.host.reset();
    return workflow;
  },
  'node-restarted': async (ckx) => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1 });
    await ckx.waitForState(id, 'running');
    ckx.host.finds(id, NODE_DOWN);
    await eventually(async () => {
      if ((await ckx.dataSource.manager.countBy(SessionEventEntity, { examSessionId: id, kind: 'restart' })) < 2)
        throw new Error('not back yet');
    });
    await workflow.signal(submitSignal);
    await workflow.result();
    return workflow;
  },
  'desktop-moved': async (ckx) => {
    let refusals = 1;
    ckx.host.before.openDesktop = async () => {
      if ((refusals -= 1) < 0) return;
      const { spec } = await ckx.dataSource.manager.findOneByOrFail(EnvironmentEntity, { state: 'bound' });
      const details = [{ port: spec.ports.vnc }];
      throw ApplicationFailure.create({ message: 'The port is in use.', type: 'PORT_IN_USE', nonRetryable: true, details });
    };
    const { id, workflow } = await ckx.startSession({ lab: { needs: EnvironmentNeeds.parse({ cluster: 'none', desktop: true }) } });
    await ckx.waitForState(id, 'ready');
    await eventually(async () => {
      const open = await ckx.dataSource.manager.countBy(SessionEventEntity, { examSessionId: id, kind: 'desktop' });
      if (open === 0) throw new Error('not open yet');
    });
    await workflow.signal(terminateSignal, CANCEL);
    await workflow.result();
    ckx.host.reset();
    return workflow;
  },
  'desktop-restarted': async (ckx) => {
    const { id, workflow } = await ckx.startSession({
      graceMs: 1,
      lab: { needs: EnvironmentNeeds.parse({ cluster: 'none', desktop: true }) },
    });
    await ckx.waitForState(id, 'running');
    ckx.host.finds(id, { ...NODE_DOWN, part: 'desktop' });
    const happened = async (kind: string, times: number) => {
      if ((await ckx.dataSource.manager.countBy(SessionEventEntity, { examSessionId: id, kind })) < times) throw new Error('not yet');
    };
    await eventually(() => happened('desktop', 1));
    await eventually(() => happened('restart', 2));
    await workflow.signal(submitSignal);
    await workflow.result();
    return workflow;
  },
  'gap-credited': async (ckx) => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1, extraTimeMs: 60_000 });
    await ckx.waitForState(id, 'running');
    ckx.host.finds(id, { kind: 'gap', cause: 'host', fromMs: Date.now(), toMs: Date.now() + 20_000 });
    await eventually(() => {
      if (!ckx.host.hasFound(id)) throw new Error('not found yet');
      return Promise.resolve();
    });
    await workflow.executeUpdate(creditUpdate, { args: [{ milliseconds: 60_000, reason: 'recorded' }] });
    await workflow.executeUpdate(inspectUpdate);
    await workflow.signal(submitSignal);
    await workflow.result();
    return workflow;
  },
  'beyond-repair': async (ckx) => {
    const { id, workflow } = await ckx.startSession({ graceMs: 1 });
    await ckx.waitForState(id, 'running');
    ckx.host.finds(id, NODE_DOWN, NODE_DOWN, NODE_DOWN, NODE_DOWN);
    await workflow.result();
    return workflow;
  },
  'limit-reached': async (ckx) => {
    const { id, workflow } = await ckx.startSession();
    await ckx.waitForState(id, 'ready');
    ckx.host.finds(id, { kind: 'limit', part: 'node', reason: 'The node has filled its disk.' });
    await workflow.result();
    return workflow;
  },
  'closed-late': async (ckx) => {
    ckx.host.before.closeEnvironment = ckx.host.hang;
    const { id, workflow } = await ckx.startSession(EXPIRES_SOON);
    await ckx.waitForState(id, 'terminated');
    ckx.host.reset();
    await workflow.result();
    return workflow;
  },
  host: (ckx) => Promise.resolve(ckx.client.workflow.getHandle(hostWorkflowId(ckx.host.facts.hostId))),
  ...MAINTENANCE_SCENARIOS,
  ...ACCESS_SCENARIOS,
};
