import { expirePass, listOpen, type OpenPass } from '@ckx/access-passes';
import type { PassId } from '@ckx/contracts';
import {
  ACCESS_PASS_WORKFLOW,
  accessPassStart,
  accessPassWorkflowId,
  passChangedSignal,
  type PassReconciliation,
  type PassRepair,
} from '@ckx/contracts/access-pass';
import { inTransaction, type DataSource } from '@ckx/persistence';
import { log } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** Looked at together: what Temporal is asked at once. */
const PAGE = 25;
const KEEP_REPORTS = '30 days';

export interface ReconcileOptions {
  readonly dataSource: DataSource;
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: unknown) => void;
}

/**
 * Compares every pass that is not over with its workflow, which is asked for by its id: a list of Temporal's may be behind. A workflow that
 * is told once too often reads its record once more, and that is all.
 */
export async function reconcilePasses({ dataSource, client, signal, onProgress }: ReconcileOptions): Promise<PassReconciliation> {
  let looked = 0;
  const repaired: { passId: PassId; repair: PassRepair }[] = [];
  const failed: { passId: PassId; error: string }[] = [];
  const look = async (pass: OpenPass): Promise<void> => {
    const { passId } = pass;
    try {
      const repair = await mend(dataSource, client, pass);
      if (repair !== null) repaired.push({ passId, repair });
    } catch (error) {
      log.error('a pass was not reconciled', { passId, error });
      failed.push({ passId, error: error instanceof Error ? error.message : String(error) });
    }
  };
  for (
    let page = await listOpen(dataSource, null, PAGE);
    page.length > 0;
    page = await listOpen(dataSource, page.at(-1)?.passId ?? null, PAGE)
  ) {
    signal.throwIfAborted();
    await Promise.all(page.map(look));
    looked += page.length;
    onProgress({ looked });
  }
  const report: PassReconciliation = { looked, repaired, failed };
  if (repaired.length + failed.length > 0) log.warn('what workflows of passes missed was mended', { ...report });
  await dataSource.query('INSERT INTO pass_reconciliations (report) VALUES ($1)', [JSON.stringify(report)]);
  await dataSource.query('DELETE FROM pass_reconciliations WHERE at < now() - $1::interval', [KEEP_REPORTS]);
  return report;
}

/** @returns what was mended; null where there was nothing to mend. */
async function mend(dataSource: DataSource, client: Client, pass: OpenPass): Promise<PassRepair | null> {
  const expired = pass.overdue && (await inTransaction(dataSource, (tx) => expirePass(tx, pass.passId)));
  const open = await isOpen(client, pass.passId);
  if (open && !expired && !pass.unheard) return null;
  const { passId, userId, passTypeId, source } = pass;
  const start = accessPassStart({ passId, userId, passTypeId, source });
  await client.workflow.signalWithStart(ACCESS_PASS_WORKFLOW, { ...start, signal: passChangedSignal, signalArgs: [] });
  return expired ? 'expired' : open ? 'told' : 'restarted';
}

async function isOpen(client: Client, passId: PassId): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(accessPassWorkflowId(passId)).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
