import type { EnvironmentSpec } from '@ckx/contracts';
import { ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import { records, type Host } from './activities.ts';
import type { ExamSession } from './session.ts';

/** The building of one session's environment, from the first container to the last question's setup. */
export class Provisioning {
  readonly #session: ExamSession;
  readonly #spec: EnvironmentSpec;
  readonly #host: Host;
  readonly #scope = new CancellationScope();
  readonly #result: Promise<void>;
  #settled = false;

  /** Begins at once. */
  constructor(session: ExamSession, spec: EnvironmentSpec, host: Host) {
    this.#session = session;
    this.#spec = spec;
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
   * @throws ApplicationFailure PROVISION_TIMEOUT with the step that was stuck; whatever a step failed of.
   */
  async done(): Promise<void> {
    const { provisionTimeoutMs } = this.#session.input;
    const inTime = await condition(() => this.#settled || this.#session.ending !== null, provisionTimeoutMs);
    if (this.#settled) return this.#result;
    if (!inTime) {
      const seconds = Math.round(provisionTimeoutMs / 1000);
      throw ApplicationFailure.nonRetryable(`The environment was not ready within ${seconds} s.`, 'PROVISION_TIMEOUT');
    }
  }

  /** Gives up what is still under way and waits until the host has let go of it. */
  async stop(): Promise<void> {
    this.#scope.cancel();
    await this.#result.catch(() => undefined);
  }

  async #build(): Promise<void> {
    const [session, spec, host] = [this.#session, this.#spec, this.#host.provisioning];
    await session.takeStep('containers', () => host.createEnvironment(spec));
    await this.#awaitMilestone('control_plane');
    const nodeReady = this.#awaitMilestone('node_ready');
    const [facts] = await this.#together([
      this.#openTerminal(),
      nodeReady.then(() => this.#awaitMilestone('workloads')),
      // Pods can be made from here on; whether the first of them runs is found out meanwhile.
      this.#setUpQuestions(nodeReady),
    ]);
    await CancellationScope.nonCancellable(() =>
      records.recordEnvironment({ executionEnvironmentId: spec.executionEnvironmentId, state: 'bound', facts }),
    );
    session.noteEnvironment('bound');
  }

  async #openTerminal() {
    return this.#session.takeStep('terminal', () => this.#host.provisioning.openTerminal(this.#spec));
  }

  async #awaitMilestone(until: 'control_plane' | 'node_ready' | 'workloads'): Promise<void> {
    await this.#session.takeStep(until, () => this.#host.provisioning.awaitEnvironment({ spec: this.#spec, until }));
  }

  get #questions() {
    const { id: labId, digest } = this.#session.input.lab;
    return { spec: this.#spec, labId, digest };
  }

  get #withSetup() {
    return this.#session.input.lab.questions.filter(({ hasSetup }) => hasSetup);
  }

  async #setUpQuestions(nodeReady: Promise<void>): Promise<void> {
    const questions = this.#withSetup;
    if (questions.length > 0) await this.#session.during('questions', () => this.#host.provisioning.prepareQuestions(this.#questions));
    await nodeReady;
    await this.#session.takeStep('questions', async (report) => {
      for (const [index, { id }] of questions.entries()) {
        await this.#host.questions.setUpQuestion({ ...this.#questions, questionId: id });
        report(index + 1, questions.length);
      }
      if (questions.length > 0) await this.#host.provisioning.finishQuestions({ spec: this.#spec });
    });
  }

  /** Like Promise.all, but none is left running when one has failed. */
  async #together<T extends readonly unknown[]>(parts: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
    try {
      return await Promise.all(parts);
    } catch (error) {
      this.#scope.cancel();
      await Promise.allSettled(parts);
      throw error;
    }
  }
}
