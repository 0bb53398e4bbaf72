import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { findEngine } from './engine.ts';

const NOBODY = 65_534;

afterEach(() => vi.unstubAllEnvs());

it('says that nothing answers at DOCKER_HOST, and what to do', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  await expect(findEngine()).rejects.toMatchObject({
    code: 'ENGINE_UNREACHABLE',
    message: expect.stringContaining('unix:///nowhere/docker.sock') as string,
    remedy: expect.stringMatching(/Start that engine/) as string,
  });
});

it.skipIf(process.getuid?.() !== 0)('says that the socket is there and this user may not open it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ckx-socket-'));
  await chmod(folder, 0o755);
  const server = createServer().listen(join(folder, 'docker.sock'));
  await once(server, 'listening');
  await chmod(join(folder, 'docker.sock'), 0o600);
  vi.stubEnv('DOCKER_HOST', '');
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
  process.seteuid?.(NOBODY);
  try {
    await expect(findEngine()).rejects.toMatchObject({
      code: 'ENGINE_NOT_PERMITTED',
      remedy: expect.stringMatching(/usermod -aG docker/) as string,
    });
  } finally {
    process.seteuid?.(0);
    server.close();
    await rm(folder, { recursive: true });
  }
});
