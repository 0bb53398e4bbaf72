import { CkxError, type GrantPassBody, type UserId } from '@ckx/contracts';
import { AccessPassEntity, type AccessPassRow, type EntityManager, PassTypeEntity, PaymentEntity } from '@ckx/persistence';
import { oweGranted } from './mails.ts';
import { lockPasses } from './passes.ts';

/**
 * An administrator gives a pass; its time begins when its owner activates it. Once per id.
 *
 * @returns the pass; `granted` false where it was given before.
 * @throws CkxError user `USER_UNKNOWN`, `PASS_ID_TAKEN` where the id is that of another pass.
 */
export async function grantPass(
  tx: EntityManager,
  userId: UserId,
  { id, type }: Pick<GrantPassBody, 'id' | 'type'>,
): Promise<{ readonly pass: AccessPassRow; readonly granted: boolean }> {
  if ((await lockPasses(tx, userId)) === null) {
    throw new CkxError('user', 'USER_UNKNOWN', `There is no account ${userId}.`, { remedy: 'See GET /api/v1/admin/users.' });
  }
  const { durationHours } = await tx.findOneByOrFail(PassTypeEntity, { id: type });
  const row = { id, userId, passTypeId: type, durationHours, priceCents: 0, source: 'grant', revision: 1 } as const;
  const granted = !(await tx.existsBy(AccessPassEntity, { id }));
  if (granted) await tx.createQueryBuilder().insert().into(AccessPassEntity).values(row).orIgnore().execute();
  const pass = await tx.findOneByOrFail(AccessPassEntity, { id });
  const same = pass.userId === userId && pass.passTypeId === type && pass.source === 'grant';
  // An id that is somebody's purchase under way is taken as well: its payment would find this pass in its place.
  if (!same || (await tx.existsBy(PaymentEntity, { passId: id }))) {
    throw new CkxError('user', 'PASS_ID_TAKEN', `The id ${id} is another pass’s.`, { remedy: 'Send a fresh UUID as `id`.' });
  }
  if (granted) await oweGranted(tx, pass);
  return { pass, granted };
}
