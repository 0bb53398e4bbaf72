/** A host for tests of workflows: its activities do nothing but what a test scripts; providers have tests of their own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentActivities, GradingActivities, HostActivities, InventoryActivities, QuestionActivities } from '@ckx/activities';
import { attended } from '@ckx/activities/host';
import {
  CheckId,
  type ExamSessionId,
  type HostFacts,
  type HostId,
  type LastLook,
  type QuestionId,
  type QuestionResult,
  type WatchFinding,
  type WatchReport,
} from '@ckx/contracts';
import { HOST_FACTS } from '@ckx/test-support/records';
import type { HostedEnvironment } from '@ckx/contracts/maintenance-workflow';

type Activities = EnvironmentActivities & QuestionActivities & GradingActivities & HostActivities & InventoryActivities;
type Name = keyof Activities;

export class ScriptedHost {
  /** Every call in its order, `name` or `name:detail`. */
  readonly calls: string[] = [];
  readonly facts: HostFacts;
  /** Runs before the activity's own answer: waits, throws, looks around. */
  before: Partial<Record<Name, (detail: string) => Promise<void>>> = {};
  /** What each check answers; passed where not scripted. */
  verdicts: Record<string, 'passed' | 'failed' | 'errored'> = {};

  /** What its engine holds, as a sweep is told. */
  inventory: readonly HostedEnvironment[] = [];

  readonly #findings = new Map<ExamSessionId, WatchFinding[]>();

  #letGo: (() => void)[] = [];

  /** For `before`: does not return until the script is reset. */
  readonly hang = (): Promise<void> => new Promise((resolve) => this.#letGo.push(resolve));

  /** For `before`: returns when the workflow has cancelled the activity. */
  readonly hangUntilCancelled = async (): Promise<void> => {
    await attended(({ signal }) => sleep(60_000, undefined, { signal })).catch((error: unknown) => {
      this.calls.push('checkQuestion let go');
      throw error;
    });
  };

  /** Never comes to the end of an activity. @param begun called when it has begun. */
  hangIn(activity: string, begun: () => void): void {
    const names: readonly string[] = Object.keys(this.activities());
    if (!names.includes(activity)) throw new Error(`There is no activity ${activity}.`);
    this.before = {
      [activity]: () => {
        begun();
        return new Promise(() => undefined);
      },
    };
  }

  /** Forgets what was scripted, and lets go of what hangs. */
  reset(): void {
    this.before = {};
    this.verdicts = {};
    this.inventory = [];
    this.#findings.clear();
    for (const letGo of this.#letGo.splice(0)) letGo();
  }

  constructor(hostId: HostId, capacity: { memoryMib: number }) {
    this.facts = {
      hostId,
      ...HOST_FACTS,
      memoryMib: capacity.memoryMib,
      bootSlots: 8,
    };
  }

  /** Scripts what the watches of a session come back with, one after the other. */
  finds(id: ExamSessionId, ...findings: readonly WatchFinding[]): void {
    this.#findings.set(id, [...(this.#findings.get(id) ?? []), ...findings]);
  }

  /** True when watches came back with all that was scripted. */
  hasFound(id: ExamSessionId): boolean {
    return (this.#findings.get(id) ?? []).length === 0;
  }

  count(name: Name): number {
    return this.calls.filter((call) => call.split(':')[0] === name).length;
  }

  activities(): Activities {
    return {
      createEnvironment: () => this.#called('createEnvironment'),
      awaitEnvironment: ({ until }) => this.#called('awaitEnvironment', until),
      openTerminal: async () => {
        await this.#called('openTerminal');
        return { sshHostKey: 'ssh-ed25519 AAAA', kubernetesVersion: 'v1.34.4', nodes: [{ name: 'node', address: '10.213.0.2' }] };
      },
      openDesktop: async () => {
        await this.#called('openDesktop');
        return { desktopSecret: 'sealed' };
      },
      prepareEnvironment: () => this.#called('prepareEnvironment'),
      keepEnvironment: () => this.#keep(),
      authorizeKey: ({ publicKey }) => this.#called('authorizeKey', publicKey),
      watchEnvironment: ({ spec, seen }) => this.#watch(spec.examSessionId, seen),
      restartPart: async ({ part }) => {
        await this.#called('restartPart', part);
        return { ready: true, seen: { atMs: Date.now(), startedAt: {} } };
      },
      inspectEnvironment: async ({ executionEnvironmentId, hostId }) => {
        await this.#called('inspectEnvironment');
        return { executionEnvironmentId, hostId, parts: [] };
      },
      closeEnvironment: () => this.#called('closeEnvironment'),
      destroyEnvironment: () => this.#called('destroyEnvironment'),
      prepareQuestions: () => this.#called('prepareQuestions'),
      setUpQuestion: ({ questionId }) => this.#called('setUpQuestion', questionId),
      finishQuestions: () => this.#called('finishQuestions'),
      openGrader: () => this.#called('openGrader'),
      gradeQuestion: async ({ questionId }) => {
        await this.#called('gradeQuestion', questionId);
        return this.#results(questionId);
      },
      checkQuestion: async ({ questionId }) => {
        await this.#called('checkQuestion', questionId);
        return this.#results(questionId);
      },
      closeGrader: () => this.#called('closeGrader'),
      describeHost: async () => {
        await this.#called('describeHost');
        return this.facts;
      },
      takeInventory: async () => {
        await this.#called('takeInventory');
        return this.inventory;
      },
      removeEnvironment: ({ executionEnvironmentId }) => this.#called('removeEnvironment', executionEnvironmentId),
    };
  }

  #results(questionId: QuestionId): QuestionResult {
    const checks = questionId === 'q1' ? ['c1', 'c2'] : ['c1'];
    return {
      questionId,
      checks: checks.map((id) => ({
        checkId: CheckId.parse(id),
        description: `${questionId} ${id}`,
        weight: 2,
        verdict: this.verdicts[`${questionId}/${id}`] ?? 'passed',
        evidence: '',
        exitCode: 0,
        durationMs: 1,
      })),
    };
  }

  /** Comes back when it is cancelled, or with what `before` throws as the reason. */
  async #keep(): Promise<{ reason: string }> {
    try {
      await this.#called('keepEnvironment');
    } catch (error) {
      return { reason: String(error) };
    }
    return await attended(({ signal }) => sleep(3_600_000, { reason: 'never' }, { signal }));
  }

  /** Comes back with what was scripted, or when it is cancelled. */
  async #watch(id: ExamSessionId, seen: LastLook): Promise<WatchReport> {
    await this.#called('watchEnvironment');
    return await attended(async ({ signal }) => {
      for (;;) {
        const finding = this.#findings.get(id)?.shift();
        if (finding !== undefined) return { finding, seen };
        await sleep(20, undefined, { signal });
      }
    });
  }

  async #called(name: Name, detail = ''): Promise<void> {
    this.calls.push(detail === '' ? name : `${name}:${detail}`);
    await this.before[name]?.(detail);
  }
}
