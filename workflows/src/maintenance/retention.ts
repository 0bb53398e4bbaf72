import type { RecordActivities } from '@ckx/activities';
import type { Retained, RetentionInput, RetentionReport } from '@ckx/contracts/retention-workflow';
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import { planRetention } from './retention-plan.ts';

/** Rows of one transaction: short enough that nobody waits for it. */
const BATCH = 500;
/** What is left after this many is the next day's: a history stays small. */
const BATCHES_OF_A_KIND = 200;

const { deleteExpired } = proxyActivities<RecordActivities>({
  startToCloseTimeout: '1 min',
  retry: { initialInterval: '1 s', maximumInterval: '1 min', maximumAttempts: 20 },
});

/** Deletes what has been kept for long enough, batch by batch. Whatever stops it, the next day goes on. */
export async function retentionWorkflow({ days }: RetentionInput): Promise<RetentionReport> {
  const deleted: Record<Retained, number> = {
    sessions: 0,
    events: 0,
    blobs: 0,
    sweepReports: 0,
    audit: 0,
    refreshTokens: 0,
    nonces: 0,
    mails: 0,
    accountTokens: 0,
    recordings: 0,
  };
  for (const deletion of planRetention(Date.now(), days)) {
    for (let batch = 0; batch < BATCHES_OF_A_KIND; batch += 1) {
      const gone = await deleteExpired({ ...deletion, limit: BATCH });
      deleted[deletion.what] += gone;
      if (gone < BATCH) break;
    }
    setCurrentDetails(
      Object.entries(deleted)
        .map(([what, gone]) => `${what}: ${gone} deleted`)
        .join('\n\n'),
    );
  }
  return deleted;
}
