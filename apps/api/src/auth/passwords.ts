import { hash, verify } from '@node-rs/argon2';

/** argon2id by OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane. The variant is the library's default. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

/** Made once with the same parameters, so that an unknown account takes as long to refuse as a known one. */
const nobodysHash = hashPassword('nobody has this password');

/** @param passwordHash null where there is no such account: takes as long, and is false. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobodysHash), password);
  return matches && passwordHash !== null;
}
