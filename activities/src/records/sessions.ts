import { CkxError, type ExamSessionId } from '@ckx/contracts';
import { deadline, isTerminal } from '@ckx/session-lifecycle';
import { applyTransition, lockSession } from '@ckx/session-lifecycle/records';
import { ClockEntryEntity, ExamSessionEntity, inTransaction, SessionEventEntity, type DataSource } from '@ckx/persistence';
import type { RecordActivities } from './interface.ts';

/** A session's own records: its state, the progress of its provisioning, its clock. `wake` tells the head of the queue that there may be room. */
export function sessionRecords(
  dataSource: DataSource,
  wake: () => Promise<void>,
): Pick<RecordActivities, 'recordTransition' | 'recordProgress' | 'recordRestart' | 'recordClock'> {
  return {
    async recordTransition(record) {
      const { state, previous } = await inTransaction(dataSource, (tx) => applyTransition(tx, record));
      // Whoever leaves the queue without a place may have been told of one.
      if (previous === 'created' && isTerminal(state)) await wake();
    },

    recordProgress: ({ examSessionId, sequence, ...data }) => recordEvent(dataSource, { examSessionId, sequence, kind: 'progress', data }),

    recordRestart: ({ examSessionId, sequence, ...data }) => recordEvent(dataSource, { examSessionId, sequence, kind: 'restart', data }),

    async recordClock({ examSessionId, entry }) {
      await inTransaction(dataSource, async (tx) => {
        await lockSession(tx, examSessionId);
        if (await tx.existsBy(ClockEntryEntity, { examSessionId, id: entry.id })) return;
        await tx.insert(ClockEntryEntity, { examSessionId, ...entry, at: new Date(entry.at) });
        // From the whole ledger as it is stored: two extensions may arrive in any order.
        const stored = await tx.findBy(ClockEntryEntity, { examSessionId });
        const deadlineAt = deadline(stored.map((row) => ({ ...row, at: row.at.getTime() })));
        if (deadlineAt === null) throw new CkxError('bug', 'CLOCK_NOT_STARTED', 'The first entry of a clock is its start.');
        // The ledger says when the clock started; the transition to `running` is written a moment later.
        const started = entry.kind === 'start' ? { startedAt: new Date(entry.at) } : {};
        await tx.update(ExamSessionEntity, examSessionId, { ...started, deadlineAt: new Date(deadlineAt) });
        await tx.insert(SessionEventEntity, { examSessionId, kind: 'clock', data: { ...entry, deadlineAt } });
      });
    },
  };
}

interface NumberedEvent {
  readonly examSessionId: ExamSessionId;
  readonly sequence: number;
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

/** What the workflow tells of a session that changes nothing but what is shown; a number that was written before changes nothing. */
async function recordEvent(dataSource: DataSource, event: NumberedEvent): Promise<void> {
  const { examSessionId, sequence } = event;
  await inTransaction(dataSource, async (tx) => {
    await tx.createQueryBuilder().insert().into(SessionEventEntity).values(event).orIgnore().execute();
    await tx
      .createQueryBuilder()
      .update(ExamSessionEntity)
      .set({ sequence: () => 'greatest(sequence, :sequence)' })
      .where({ id: examSessionId })
      .setParameters({ sequence })
      .execute();
  });
}
