/** The host role as a process of its own, as an operator starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HostId, hostTaskQueue, hostWorkflowId } from '@ckx/contracts';
import { testTemporal } from '@ckx/test-support';
import { freePort } from '@ckx/toolchain';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeAll, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const LABS = fileURLToPath(new URL('../../../labs', import.meta.url));

let temporal: { readonly address: string; readonly namespace: string };
const started: ReturnType<typeof spawn>[] = [];

beforeAll(async () => {
  temporal = await testTemporal();
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  }
});

/** Starts a host worker. No database setting is given to it: it needs none. */
function startHost(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, 'host'], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      CKX_INSTALLATION: 'test-host-role',
      CKX_LABS: LABS,
      CKX_INTERNAL_URL: 'http://127.0.0.1:1',
      SERVICE_KEY_ID: 'host-role-test',
      SERVICE_KEY: Buffer.alloc(32, 1).toString('base64'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return { child, said: () => output };
}

it('takes work, tells that it is up, and ends when it is told to', async () => {
  const hostId = HostId.parse('host-role-test');
  const metricsPort = await freePort();
  const { child, said } = startHost({ CKX_HOST_ID: hostId, WORKER_METRICS_PORT: String(metricsPort) });
  await expect.poll(said, { timeout: 60_000 }).toContain('worker ready');
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(metrics).toMatch(/^ckx_host_disk_free_bytes\{disk="engine"\} [1-9]/m);

  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const { status, type } = await client.workflow.getHandle(hostWorkflowId(hostId)).describe();
  expect({ status: status.name, type }).toEqual({ status: 'RUNNING', type: 'hostWorkflow' });
  const pollers = async () => {
    const request = { namespace: temporal.namespace, taskQueue: { name: hostTaskQueue(hostId) }, taskQueueType: 2 };
    return (await connection.workflowService.describeTaskQueue(request)).pollers?.length;
  };
  await expect.poll(pollers, { timeout: 20_000 }).toBeGreaterThan(0);
  await client.workflow.getHandle(hostWorkflowId(hostId)).terminate();
  await connection.close();

  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('says in a sentence that the engine is not running', async () => {
  const { child, said } = startHost({ DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(said()).toContain('The Docker engine does not answer (ENOENT).');
  expect(said()).toContain('doctor');
  expect(said()).not.toMatch(/\n {4}at /);
});
