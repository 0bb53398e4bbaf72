import { provisionStepsOf, type QuestionId } from '@ckx/contracts';
import { ApplicationFailure, CancellationScope, condition, log, patched } from '@temporalio/workflow';
import { records, type Host } from './activities.ts';
import { MOVES_AT_MOST, refusedAddress } from './refused.ts';
import type { ExamSession } from './session.ts';
import { atMostAtOnce, together } from './together.ts';

/** Setups that run at once. Most of their time is that of clients which start; four of those fit into the toolbox. */
const SETUPS_AT_ONCE = 4;

const MILESTONES = ['control_plane', 'node_ready', 'workloads'] as const;
type Milestone = (typeof MILESTONES)[number];

/** The building of one session's environment, from the first container to the last question's setup. */
export class Provisioning {
  readonly #session: ExamSession;
  readonly #host: Host;
  readonly #scope = new CancellationScope();
  readonly #result: Promise<void>;
  #settled = false;
  /** Questions whose setup was begun and has not ended. */
  readonly #beingSetUp = new Set<QuestionId>();

  /** Begins at once. */
  constructor(session: ExamSession, host: Host) {
    this.#session = session;
    this.#host = host;
    this.#result = this.#scope
      .run(() => this.#build())
      .finally(() => {
        this.#settled = true;
      });
    // Whoever waits in `done` or `stop` hears of it; nobody has to.
    this.#result.catch(() => undefined);
  }

  /**
   * Returns when the environment is ready for its candidate, or when the session was ended meanwhile.
   *
   * @throws ApplicationFailure PROVISION_TIMEOUT with what was stuck; whatever a step failed of.
   */
  async done(): Promise<void> {
    const { provisionTimeoutMs } = this.#session.input;
    const inTime = await condition(() => this.#settled || this.#session.ending !== null, provisionTimeoutMs);
    if (this.#settled) return this.#result;
    if (!inTime) {
      const seconds = Math.round(provisionTimeoutMs / 1000);
      const left = this.#beingSetUp.size === 0 ? '' : `; still being set up: ${[...this.#beingSetUp].join(', ')}`;
      throw ApplicationFailure.nonRetryable(`The environment was not ready within ${seconds} s${left}.`, 'PROVISION_TIMEOUT');
    }
  }

  /** Gives up what is still under way and waits until the host has let go of it. */
  async stop(): Promise<void> {
    this.#scope.cancel();
    await this.#result.catch(() => undefined);
  }

  async #build(): Promise<void> {
    const session = this.#session;
    for (let moves = 0, created = false; !created; moves += 1) {
      try {
        await session.takeStep('containers', () => this.#host.provisioning.createEnvironment(this.#spec));
        created = true;
      } catch (error) {
        await this.#moveAway(error, moves);
      }
    }
    // Without a wait of its own where it was not born warm: sessions that were recorded before replay through here.
    const wasUp = this.#spec.bornWarm === true && patched('warm-at-once');
    const [facts] = await together(this.#scope, wasUp ? this.#allAtOnce() : await this.#inTurn());
    await CancellationScope.nonCancellable(() =>
      records.recordEnvironment({ executionEnvironmentId: this.#spec.executionEnvironmentId, state: 'bound', facts }),
    );
    session.noteEnvironment('bound');
  }

  async #inTurn() {
    await this.#awaitMilestone('control_plane');
    const nodeReady = this.#awaitMilestone('node_ready');
    const workloads = nodeReady.then(() => this.#awaitMilestone('workloads'));
    return [
      this.#openTerminal(),
      workloads,
      // Pods can be made once the node is ready; whether the first of them runs is found out meanwhile.
      this.#setUpQuestions(this.#spec.needs.dockerEngine ? workloads : nodeReady),
    ] as const;
  }

  /** For what was up when it was given: that it still is, is one look, beside all that is left to do. */
  #allAtOnce() {
    return [this.#openTerminal(), this.#isUp(), this.#setUpQuestions(Promise.resolve())] as const;
  }

  async #isUp(): Promise<void> {
    const steps = provisionStepsOf(this.#spec.needs).filter((step) => MILESTONES.some((milestone) => milestone === step));
    if (steps.length === 0) return;
    const look = this.#host.provisioning.awaitEnvironment({ spec: this.#spec, until: 'workloads' });
    await Promise.all(steps.map((step) => this.#session.takeStep(step, () => look)));
  }

  get #spec() {
    return this.#session.spec;
  }

  /** Where the engine refuses an address that our records call free, the environment is built anew with others. */
  async #moveAway(cause: unknown, moves: number): Promise<void> {
    const refused = refusedAddress(cause, this.#spec);
    if (refused === null || moves === MOVES_AT_MOST || !patched('other-addresses')) throw cause;
    log.warn('the engine refused an address', { refused });
    await this.#host.teardown.destroyEnvironment(this.#spec);
    const { executionEnvironmentId } = this.#spec;
    this.#session.noteMove(await records.moveEnvironment({ executionEnvironmentId, refused }));
  }

  async #openTerminal() {
    return this.#session.takeStep('terminal', () => this.#host.provisioning.openTerminal(this.#spec));
  }

  async #awaitMilestone(until: Milestone): Promise<void> {
    if (!provisionStepsOf(this.#spec.needs).includes(until)) return;
    await this.#session.takeStep(until, () => this.#host.provisioning.awaitEnvironment({ spec: this.#spec, until }));
  }

  get #questions() {
    const { id: labId, digest } = this.#session.input.lab;
    return { spec: this.#spec, labId, digest };
  }

  get #withSetup() {
    return this.#session.input.lab.questions.filter(({ hasSetup }) => hasSetup);
  }

  async #setUpQuestions(usable: Promise<void>): Promise<void> {
    const questions = this.#withSetup;
    if (questions.length > 0) await this.#session.during('questions', () => this.#host.provisioning.prepareQuestions(this.#questions));
    await usable;
    await this.#session.takeStep('questions', async (report) => {
      let done = 0;
      // No wrapper that waits around it: sessions that were recorded before setups ran beside each other replay through here.
      const begin = (id: QuestionId) => {
        this.#beingSetUp.add(id);
        return this.#host.questions.setUpQuestion({ ...this.#questions, questionId: id });
      };
      const note = (id: QuestionId) => {
        this.#beingSetUp.delete(id);
        report(++done, questions.length);
      };
      const severalBeside = questions.filter(({ setupBeside }) => setupBeside === true).length > 1;
      for (const group of groupsOf(questions, severalBeside && patched('setups-at-once'))) {
        if (group.length > 1) {
          await atMostAtOnce(SETUPS_AT_ONCE, group, async ({ id }) => {
            await begin(id);
            note(id);
          });
        } else {
          for (const { id } of group) {
            await begin(id);
            note(id);
          }
        }
      }
      if (questions.length > 0) await (patched('toolbox-closed-beside') ? this.#closeBeside() : this.#closeToolbox());
    });
  }

  #closeToolbox(): Promise<void> {
    return this.#host.provisioning.finishQuestions({ spec: this.#spec });
  }

  /** Nobody waits for it: the candidate cannot reach a toolbox, and whatever is left of it goes with the environment. */
  #closeBeside(): void {
    this.#closeToolbox().catch((error: unknown) => log.warn('the toolbox of the setup was not closed', { error }));
  }
}

type Asked = ExamSession['input']['lab']['questions'][number];

/** What is set up at once, group after group: neighbours that may run beside others; any other by itself, in its place. */
function groupsOf(questions: readonly Asked[], atOnce: boolean): readonly (readonly Asked[])[] {
  const groups: Asked[][] = [];
  for (const question of questions) {
    const last = groups.at(-1);
    const joins = atOnce && question.setupBeside === true && last?.at(-1)?.setupBeside === true;
    if (joins) last?.push(question);
    else groups.push([question]);
  }
  return groups;
}
