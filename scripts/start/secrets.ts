/** What an installation is made of once and keeps: its label, its keys, its first administrator. Nobody else may read it. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSealingKeys } from '@ckx/sealed-secrets';
import { makeServiceSecret } from '@ckx/service-auth';
import { z } from 'zod';

const Secrets = z.object({
  /** Label on everything that this installation has on an engine. */
  installation: z.string(),
  jwtSecret: z.string(),
  /** What each service signs its requests to others with. */
  serviceKeys: z.object({ host: z.string(), gateway: z.string(), control: z.string() }),
  /** Secrets for the gateway are sealed to the public half. */
  gateway: z.object({ publicKey: z.string(), privateKey: z.string() }),
  admin: z.object({ email: z.string(), password: z.string() }),
  /** The administrator's password was said to whoever started it: that happens once. */
  told: z.boolean(),
});
export type Secrets = z.infer<typeof Secrets>;

/** Those that an installation of an earlier version does not have yet. */
const Earlier = Secrets.partial({ serviceKeys: true, gateway: true });

/** Those of the folder, made at its first start; what a newer version needs besides is made at its own. */
export async function readOrMakeSecrets(dataDir: string, admin: { email: string; password: string | undefined }): Promise<Secrets> {
  const file = secretsFile(dataDir);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const made = {
    serviceKeys: { host: makeServiceSecret(), gateway: makeServiceSecret(), control: makeServiceSecret() },
    gateway: makeSealingKeys(),
  };
  if (text !== null) {
    const found = Earlier.parse(JSON.parse(text));
    const secrets: Secrets = { ...found, serviceKeys: found.serviceKeys ?? made.serviceKeys, gateway: found.gateway ?? made.gateway };
    if (found.serviceKeys === undefined || found.gateway === undefined) await writePrivately(file, secrets);
    return secrets;
  }
  const secrets: Secrets = {
    ...made,
    installation: `ckx-${randomBytes(4).toString('hex')}`,
    jwtSecret: randomBytes(48).toString('base64url'),
    admin: { email: admin.email, password: admin.password ?? randomBytes(12).toString('base64url') },
    told: false,
  };
  await writePrivately(file, secrets);
  return secrets;
}

export function secretsFile(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

/** Whole or not at all, for the owner only. */
export async function writePrivately(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
