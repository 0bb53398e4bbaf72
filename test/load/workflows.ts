/** What Temporal says of the sessions' workflows: each is asked for by its id, and not in lists, which lag behind. */
import { examSessionWorkflowId } from '@ckx/contracts';
import { Client, Connection } from '@temporalio/client';
import type { Finding } from './proof.ts';
import { finding } from './proof.ts';
import type { SessionRow } from './records.ts';

const AT_ONCE = 20;
/** A workflow ends a moment after its last record. */
const ENDS_WITHIN_MS = 30_000;

export interface WorkflowFigures {
  readonly finding: Finding;
  /** Events of all histories. */
  readonly events: number;
}

export async function proveWorkflowsEnded(address: string, namespace: string, rows: readonly SessionRow[]): Promise<WorkflowFigures> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const wrong: string[] = [];
  let events = 0;
  const waiting = rows.values();
  const end = Date.now() + ENDS_WITHIN_MS;
  const look = async (): Promise<void> => {
    for (const { id } of waiting) {
      const handle = client.workflow.getHandle(examSessionWorkflowId(id));
      let found = await handle.describe();
      while (found.status.name === 'RUNNING' && Date.now() < end) {
        await new Promise((done) => setTimeout(done, 500));
        found = await handle.describe();
      }
      events += found.historyLength;
      if (found.status.name !== 'COMPLETED') wrong.push(`${id} is ${found.status.name}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, look));
  } finally {
    await connection.close();
  }
  return { finding: finding('every workflow has completed', wrong, `${rows.length} described, ${events} events`), events };
}
