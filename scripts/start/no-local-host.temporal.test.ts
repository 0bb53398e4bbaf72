import { ApiClient } from '@ckx/test-support/client';
import { startInstallation } from '@ckx/test-support/installation';
import { expect, it } from 'vitest';

it('is a control plane alone where all hosts are elsewhere, and asks no engine', async () => {
  const installation = await startInstallation({ CKX_LOCAL_HOST: '0', DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  try {
    const { apiUrl, dockerHost, metricsUrls, pids } = await installation.run();
    expect(dockerHost).toBeUndefined();
    expect(Object.keys(pids).toSorted()).toEqual(['api', 'gateway', 'postgres', 'supervisor', 'temporal', 'worker-control']);
    expect(await (await fetch(metricsUrls['worker-control'] ?? '')).text()).toContain('temporal_');

    const client = await ApiClient.register(apiUrl);
    const id = await client.startSession('ckad-mock-01');
    const noHost = 'No host takes sessions at the moment.';
    const { state } = await client.waitFor(id, ({ waiting }) => waiting?.reason === noHost, 30_000);
    expect(state).toBe('created');
  } finally {
    await installation.stop();
  }
}, 300_000);
