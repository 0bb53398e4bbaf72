import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, seal, SealingPrivateKey, SealingPublicKey } from '@ckx/sealed-secrets';
import { AcceptedKeys } from '@ckx/service-auth';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readOrMakeSecrets, secretsFile } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const admin = { email: 'admin@example.org', password: undefined };

it('are made once, kept for their owner alone, and work', async () => {
  const made = await readOrMakeSecrets(folder, admin);
  expect(await readOrMakeSecrets(folder, admin)).toEqual(made);
  expect((await stat(secretsFile(folder))).mode & 0o777).toBe(0o600);
  const { host, gateway, control } = made.serviceKeys;
  expect(AcceptedKeys.parse(`a:host:${host},b:gateway:${gateway},c:control:${control}`)).toHaveLength(3);
  expect(new Set([host, gateway, control]).size).toBe(3);
  const context = { examSessionId: 'x', purpose: 'y' };
  const sealed = seal(SealingPublicKey.parse(made.gateway.publicKey), 'secret', context);
  expect(open(SealingPrivateKey.parse(made.gateway.privateKey), sealed, context)).toBe('secret');
});

it('of an earlier version stay what they are, and get what they lack, once', async () => {
  const earlier = { installation: 'ckx-1', jwtSecret: 'j'.repeat(64), admin: { email: 'a@b.c', password: 'kept' }, told: true };
  await writeFile(secretsFile(folder), JSON.stringify(earlier));
  const now = await readOrMakeSecrets(folder, admin);
  expect(now).toMatchObject(earlier);
  expect(now.serviceKeys.host).not.toBe('');
  expect(JSON.parse(await readFile(secretsFile(folder), 'utf8'))).toEqual(now);
  expect(await readOrMakeSecrets(folder, admin)).toEqual(now);
});
