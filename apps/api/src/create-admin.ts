/**
 * Makes the first administrator: `ADMIN_EMAIL`, `ADMIN_PASSWORD`, `ADMIN_NAME` and `DATABASE_URL` from the environment. Safe to repeat: an
 * administrator who is there already keeps the password. Prints `{"email","created"}`.
 */
import { Command, printJson, runCommand } from '@ckx/command';
import { AdminConfig, readConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import { openDatabase, UNIQUE, UserEntity, violates } from '@ckx/persistence';
import { hashPassword } from './auth/passwords.ts';

/** @throws CkxError user `ADMIN_EMAIL_TAKEN` where a candidate has the address: nobody becomes an administrator by registering first. */
export async function createAdmin(config: AdminConfig): Promise<{ email: string; created: boolean }> {
  const email = config.ADMIN_EMAIL.toLowerCase();
  const dataSource = await openDatabase(config.DATABASE_URL, { poolSize: 1, applicationName: 'ckx-create-admin' });
  try {
    const passwordHash = await hashPassword(config.ADMIN_PASSWORD);
    await dataSource.manager.insert(UserEntity, { email, name: config.ADMIN_NAME, passwordHash, role: 'admin' });
    return { email, created: true };
  } catch (error) {
    if (!violates(error, UNIQUE.emailTaken)) throw error;
    const { role } = await dataSource.manager.findOneByOrFail(UserEntity, { email });
    if (role === 'admin') return { email, created: false };
    throw new CkxError('user', 'ADMIN_EMAIL_TAKEN', `${email} belongs to a candidate.`, { remedy: 'Choose another ADMIN_EMAIL.' });
  } finally {
    await dataSource.destroy();
  }
}

if (import.meta.main) {
  await runCommand(
    new Command('create-admin')
      .description('Make the first administrator, from ADMIN_EMAIL and ADMIN_PASSWORD')
      .action(async () => printJson(await createAdmin(readConfig(AdminConfig)))),
  );
}
