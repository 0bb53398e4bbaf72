import type { AccessActivities } from '@ckx/activities';
import type { PassReconciliation } from '@ckx/contracts/access-pass';
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';

const { reconcilePasses } = proxyActivities<AccessActivities>({
  startToCloseTimeout: '30 min',
  heartbeatTimeout: '30 s',
  // Soon, or not in this hour.
  retry: { initialInterval: '5 s', maximumAttempts: 5 },
});

/** Finds what workflows of passes missed, and mends it. */
export async function accessPassReconcileWorkflow(): Promise<PassReconciliation> {
  const report = await reconcilePasses();
  setCurrentDetails(`${report.looked} passes looked at, ${report.repaired.length} mended, ${report.failed.length} could not be`);
  return report;
}
