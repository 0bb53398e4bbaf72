import { CkxError, type UserId } from '@ckx/contracts';
import { type DataSource, UserEntity, type UserRow } from '@ckx/persistence';
import { unauthenticated } from '../http/errors.ts';
import { verifyPassword } from './passwords.ts';

/** For what a stolen access token alone must not do. @throws CkxError `PASSWORD_WRONG`. */
export async function verifyOwner(dataSource: DataSource, userId: UserId, password: string): Promise<UserRow> {
  const user = await dataSource.manager.findOneBy(UserEntity, { id: userId });
  if (user === null) throw unauthenticated('The account is gone.');
  if (!(await verifyPassword(user.passwordHash, password))) throw passwordWrong();
  return user;
}

export function passwordWrong(): CkxError {
  return new CkxError('user', 'PASSWORD_WRONG', 'The current password is wrong.', { remedy: 'Nothing was changed; try again.' });
}
