/** The first administrator, made by the API's own command, which alone knows how passwords are kept. */
import { runOrThrow } from '@ckx/toolchain';
import { PROJECT_ROOT } from './node-service.ts';
import type { Secrets } from './secrets.ts';

/** Safe to repeat. @throws CkxError with what the command said */
export async function createAdmin(databaseUrl: string, admin: Secrets['admin']): Promise<void> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password };
  await runOrThrow(process.execPath, ['--import', './apps/api/decorators.mjs', 'apps/api/src/create-admin.ts'], { cwd: PROJECT_ROOT, env });
}
