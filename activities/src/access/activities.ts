import { expirePass, hearPass, recordPaid, recordReinstated, recordReversed, recordUnpaid, remindOfEnd } from '@ckx/access-passes';
import type { PassId } from '@ckx/contracts';
import { inTransaction, type AccessPassRow, type DataSource, type EntityManager } from '@ckx/persistence';
import { log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { attended } from '../attended.ts';
import { carry } from '../carry.ts';
import type { AccessActivities, PassRecord } from './interface.ts';
import { reconcilePasses } from './reconcile.ts';

export interface AccessDependencies {
  readonly dataSource: DataSource;
  readonly client: Client;
}

/** The control role's part of passes: facts and the passing of time, written to Postgres. */
export function createAccessActivities({ dataSource, client }: AccessDependencies): AccessActivities {
  /** Does something to the record, and reads it, in one transaction. */
  const after = (passId: PassId, work: (tx: EntityManager) => Promise<unknown>): Promise<PassRecord | null> =>
    inTransaction(dataSource, async (tx) => {
      await work(tx);
      return toRecord(await hearPass(tx, passId));
    });
  const nothing = () => Promise.resolve();

  return {
    hearPass: carry(({ passId }) => after(passId, nothing)),
    recordPaid: carry(async ({ pass, paid }) => {
      let problem: string | null = null;
      const record = await after(pass.passId, async (tx) => (problem = await recordPaid(tx, pass, paid)));
      if (problem !== null) log.error('a payment was refused: an administrator must look at it', { passId: pass.passId, problem });
      return { record, refused: problem !== null };
    }),
    recordUnpaid: carry(({ passId, why }) => after(passId, (tx) => recordUnpaid(tx, passId, why))),
    recordReversed: carry(({ passId, why, at }) => after(passId, (tx) => recordReversed(tx, passId, why, new Date(at)))),
    recordReinstated: carry(({ passId, at }) => after(passId, (tx) => recordReinstated(tx, passId, new Date(at)))),
    remindOfEnd: carry(({ passId }) => after(passId, (tx) => remindOfEnd(tx, passId))),
    expirePass: carry(({ passId }) => after(passId, (tx) => expirePass(tx, passId))),
    reconcilePasses: () => attended(({ signal, onProgress }) => reconcilePasses({ dataSource, client, signal, onProgress })),
  };
}

function toRecord(pass: AccessPassRow | null): PassRecord | null {
  if (pass === null) return null;
  const { status, startsAt, expiresAt, revokedAt, revocation } = pass;
  return {
    status,
    startsAt: startsAt?.getTime() ?? null,
    expiresAt: expiresAt?.getTime() ?? null,
    disputedSince: revocation?.why === 'dispute' ? (revokedAt?.getTime() ?? null) : null,
  };
}
