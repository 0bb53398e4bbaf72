import type { AccessActivities, PassRecord } from '@ckx/activities';
import {
  accessPassStatusQuery,
  paidSignal,
  passChangedSignal,
  reinstatedSignal,
  reversedSignal,
  unpaidSignal,
  type AccessPassInput,
} from '@ckx/contracts/access-pass';
import { SEARCH_ATTRIBUTES } from '@ckx/contracts/exam-session';
import { condition, proxyActivities, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { plan, type Known } from './plan.ts';

const records = proxyActivities<AccessActivities>({
  startToCloseTimeout: '10 s',
  // For ever, and quickly at first: while Postgres is away nothing is lost, it is only written later.
  retry: { initialInterval: '200 ms', maximumInterval: '10 s' },
});

/** Where Postgres' clock is behind, a pass is looked at again after this. */
const CLOCKS_DIFFER_MS = 250;

/** Something that came from outside, and how it is recorded. */
type Fact = () => Promise<PassRecord | null>;

/**
 * The life of one access pass (design §6): paid, activated, ended. What a candidate is told is in Postgres, and decided there; this tells
 * Postgres what happened outside and that time has passed. Facts are recorded in the order in which they arrive, and give the same in any.
 * Whoever signals begins it anew where it has ended: it goes on with what is on record.
 */
export async function accessPassWorkflow(input: AccessPassInput): Promise<void> {
  const { passId } = input;
  const facts: Fact[] = [];
  let changed = false;
  let known: Known = { startedAt: workflowInfo().startTime.getTime(), record: null, nothingToCome: false, remindedOf: null };
  let heardAt = 0;

  const hear = (record: PassRecord | null, nothingToCome = false): null | PassRecord => {
    // A pass that was there and is not any more went with its owner's account.
    show(record, known.record);
    known = { ...known, record, nothingToCome: known.nothingToCome || nothingToCome || record !== null };
    heardAt = Date.now();
    return record;
  };
  setHandler(accessPassStatusQuery, () => ({ status: known.record?.status ?? null, expiresAt: known.record?.expiresAt ?? null }));
  setHandler(passChangedSignal, () => {
    changed = true;
  });
  setHandler(paidSignal, (paid) => {
    facts.push(async () => {
      const { record, refused } = await records.recordPaid({ pass: input, paid });
      return hear(record, refused);
    });
  });
  setHandler(unpaidSignal, ({ why }) => {
    facts.push(async () => hear(await records.recordUnpaid({ passId, why }), true));
  });
  setHandler(reversedSignal, ({ why, at }) => {
    facts.push(async () => hear(await records.recordReversed({ passId, why, at })));
  });
  setHandler(reinstatedSignal, ({ at }) => {
    facts.push(async () => hear(await records.recordReinstated({ passId, at })));
  });
  const hasNews = () => changed || facts.length > 0;

  hear(await records.hearPass({ passId }), input.source === 'grant');
  for (;;) {
    const fact = facts.shift();
    if (fact !== undefined) {
      await fact();
      continue;
    }
    if (changed) {
      changed = false;
      hear(await records.hearPass({ passId }));
      continue;
    }
    const step = plan(known, Date.now(), heardAt);
    switch (step.do) {
      case 'wait':
        await condition(hasNews, step.until - Date.now());
        break;
      case 'hear':
        hear(await records.hearPass({ passId }));
        break;
      case 'giveUp':
        hear(await records.recordUnpaid({ passId, why: 'expired' }), true);
        break;
      case 'remind':
        known = { ...known, remindedOf: known.record?.expiresAt ?? null };
        hear(await records.remindOfEnd({ passId }));
        break;
      case 'expire':
        if (hear(await records.expirePass({ passId }))?.status === 'activated') await condition(hasNews, CLOCKS_DIFFER_MS);
        break;
      case 'end':
        return;
    }
  }
}

/** For the console: what the pass is, without its owner. */
function show(record: PassRecord | null, before: PassRecord | null): void {
  const until = record?.expiresAt === null || record?.expiresAt === undefined ? '' : ` · until ${new Date(record.expiresAt).toISOString()}`;
  setCurrentDetails(record === null ? 'waits for its payment' : `${record.status}${until}`);
  if (record !== null && record.status !== before?.status) upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.state, value: record.status }]);
}
