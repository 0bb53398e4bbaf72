import { CkxError } from '@ckx/contracts';
import { type EntityManager, UserEntity, type UserRow } from '@ckx/persistence';

/** One after the other: of two administrators who remove each other at once, one stays. Taken before any other lock on an account. */
export async function lockAdmins(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT id FROM users WHERE role = 'admin' ORDER BY id FOR UPDATE`);
}

/** The caller holds {@link lockAdmins}. @throws CkxError `LAST_ADMIN` where nobody else could administer the installation. */
export async function assertNotLastAdmin(manager: EntityManager, { id, role, disabledAt }: UserRow): Promise<void> {
  if (role !== 'admin' || disabledAt !== null) return;
  const others = await manager
    .createQueryBuilder(UserEntity, 'u')
    .where(`u.role = 'admin' AND u.disabledAt IS NULL AND u.id <> :id`, { id })
    .getExists();
  if (others) return;
  throw new CkxError('user', 'LAST_ADMIN', 'This is the only administrator.', { remedy: 'Make another account an administrator first.' });
}
