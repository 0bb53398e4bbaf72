/** What a command of a library acts on: records in Postgres, and workflows that no worker runs, so that what they are told stays to be read. */
import { EXAM_SESSIONS_TASK_QUEUE, examSessionWorkflowId, type ExamSessionId } from '@ckx/contracts';
import { EXAM_SESSION_WORKFLOW } from '@ckx/contracts/exam-session';
import { openDatabase, type DataSource } from '@ckx/persistence';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { testPostgres, testTemporal } from './services.ts';

export interface RecordsAndWorkflows extends AsyncDisposable {
  readonly database: DataSource;
  readonly client: Client;
  /** For the command's own process. */
  readonly env: Readonly<Record<string, string>>;
  /** An open workflow of the session's. */
  openWorkflow(id: ExamSessionId): Promise<WorkflowHandle>;
  /** Names of the signals that it was sent, in order. */
  signalsOf(id: ExamSessionId): Promise<string[]>;
}

export async function recordsAndWorkflows(): Promise<RecordsAndWorkflows> {
  const [{ url }, { address, namespace }] = await Promise.all([testPostgres(), testTemporal()]);
  const database = await openDatabase(url);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  return {
    database,
    client,
    env: { DATABASE_URL: url, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
    openWorkflow: (id) =>
      client.workflow.start(EXAM_SESSION_WORKFLOW, { workflowId: examSessionWorkflowId(id), taskQueue: EXAM_SESSIONS_TASK_QUEUE }),
    signalsOf: async (id) => {
      const { events } = await client.workflow.getHandle(examSessionWorkflowId(id)).fetchHistory();
      return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    },
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await database.destroy();
    },
  };
}
