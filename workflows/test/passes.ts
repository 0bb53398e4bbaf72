/** A pass and its workflow, for tests and recorded histories. */
import { type PassId, type UserId } from '@ckx/contracts';
import {
  ACCESS_PASS_WORKFLOW,
  accessPassStart,
  accessPassWorkflowId,
  paidSignal,
  passChangedSignal,
  reinstatedSignal,
  reversedSignal,
  unpaidSignal,
  type AccessPassInput,
  type PaidCheckout,
} from '@ckx/contracts/access-pass';
import { AccessPassEntity, MailEntity, type AccessPassRow } from '@ckx/persistence';
import { insertPayment } from '@ckx/test-support/passes';
import { insertUser } from '@ckx/test-support/records';
import type { WorkflowHandle } from '@temporalio/client';
import { eventually, type Installation } from './installation.ts';

const PAID_AT = Date.UTC(2026, 0, 1);

/** A pass of a candidate of its own, and everything that it may be told. Each message begins the workflow where there is none. */
export class TestPass {
  readonly input: AccessPassInput;
  readonly #ckx: Installation;

  constructor(ckx: Installation, passId: PassId, userId: UserId, source: AccessPassInput['source'] = 'purchase') {
    this.#ckx = ckx;
    this.input = { passId, userId, passTypeId: '38_hours', source };
  }

  /** A checkout was begun. */
  static async ofCheckout(ckx: Installation): Promise<TestPass> {
    const userId = await insertUser(ckx.dataSource.manager);
    return new TestPass(ckx, await insertPayment(ckx.dataSource.manager, userId), userId);
  }

  get id(): PassId {
    return this.input.passId;
  }

  paid(values: Partial<PaidCheckout> = {}): Promise<WorkflowHandle> {
    const ids = { checkoutSessionId: `cs_test_${this.id}`, paymentIntentId: `pi_${this.id}` };
    return this.#tell(paidSignal, [{ ...ids, amountCents: 499, currency: 'usd', paidAt: PAID_AT, ...values }]);
  }

  unpaid(): Promise<WorkflowHandle> {
    return this.#tell(unpaidSignal, [{ why: 'failed' }]);
  }

  reversed(why: 'refund' | 'dispute', second: number): Promise<WorkflowHandle> {
    return this.#tell(reversedSignal, [{ why, at: PAID_AT + second * 1000 }]);
  }

  reinstated(second: number): Promise<WorkflowHandle> {
    return this.#tell(reinstatedSignal, [{ at: PAID_AT + second * 1000 }]);
  }

  changed(): Promise<WorkflowHandle> {
    return this.#tell(passChangedSignal, []);
  }

  row(): Promise<AccessPassRow | null> {
    return this.#ckx.dataSource.manager.findOneBy(AccessPassEntity, { id: this.id });
  }

  /** The pass runs until then, for as long before as is said; its workflow is told. Epoch milliseconds. */
  async runUntil(expiresAt: number, lengthMs: number): Promise<void> {
    const startsAt = new Date(expiresAt - lengthMs);
    const times = { activatedAt: startsAt, startsAt, expiresAt: new Date(expiresAt) };
    await this.#ckx.dataSource.manager.update(AccessPassEntity, this.id, { status: 'activated', ...times, revision: () => 'revision + 1' });
    await this.changed();
  }

  async waitFor(status: AccessPassRow['status'], timeoutMs = 30_000): Promise<AccessPassRow> {
    return await eventually(async () => {
      const row = await this.row();
      if (row?.status !== status) throw new Error(`the pass is ${row?.status ?? 'not there'}, not ${status}`);
      return row;
    }, timeoutMs);
  }

  /** Its workflow has acted upon everything that it was told. */
  settled(): Promise<void> {
    return eventually(async () => {
      const { raw } = await this.#ckx.client.workflow.getHandle(accessPassWorkflowId(this.id)).describe();
      if ((raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask) throw new Error('something is left to do');
    });
  }

  mails(kind: string): Promise<number> {
    return this.#ckx.dataSource.manager.countBy(MailEntity, { userId: this.input.userId, kind });
  }

  #tell(signal: { readonly name: string }, signalArgs: unknown[]): Promise<WorkflowHandle> {
    const options = { ...accessPassStart(this.input), signal: signal.name, signalArgs };
    return this.#ckx.client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, options);
  }
}
