import { Connection, Client as TemporalClient, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '@ckx/contracts/exam-session';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPostgres, testTemporal } from './services.ts';

describe('test services', () => {
  let databases: { url: string }[];
  beforeAll(async () => {
    databases = await Promise.all([testPostgres(), testPostgres()]);
  });

  it('gives each caller a migrated database of its own on one server', async () => {
    const [first, second] = databases.map(({ url }) => new URL(url));
    expect(first?.host).toBe(second?.host);
    expect(first?.pathname).not.toBe(second?.pathname);
    const client = new Client({ connectionString: first?.href });
    await client.connect();
    const { rows } = await client.query<{ found: string | null }>("SELECT to_regclass('exam_sessions')::text AS found");
    await client.end();
    expect(rows[0]?.found).toBe('exam_sessions');
  });

  it('gives each caller a namespace with the search attributes', async () => {
    const [first, second] = await Promise.all([testTemporal(), testTemporal()]);
    expect(first.address).toBe(second.address);
    expect(first.namespace).not.toBe(second.namespace);
    const connection = await Connection.connect({ address: first.address });
    const client = new TemporalClient({ connection, namespace: first.namespace });
    const handle = await client.workflow.start('nobodyRunsThis', {
      workflowId: 'one',
      taskQueue: 'none',
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      typedSearchAttributes: new TypedSearchAttributes([{ key: SEARCH_ATTRIBUTES.lab, value: 'ckad-mock-01' }]),
    });
    expect((await handle.describe()).typedSearchAttributes.get(SEARCH_ATTRIBUTES.lab)).toBe('ckad-mock-01');
    await handle.terminate();
    await connection.close();
  });
});
