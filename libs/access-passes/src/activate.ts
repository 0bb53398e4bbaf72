import { CkxError, type PassId, type UserId } from '@ckx/contracts';
import type { AccessPassRow, EntityManager } from '@ckx/persistence';
import { decide, isValid, lockPasses, type LockedPasses } from './passes.ts';
import { oweActivated } from './mails.ts';

const HOUR_MS = 3_600_000;

/**
 * Begins the time of a pass: now, or when the one that runs ends. At most once, however many try.
 *
 * @throws CkxError user `PASS_UNKNOWN` (another's answers the same), `PASS_ALREADY_ACTIVATED`, `PASS_OVER`.
 */
export async function activatePass(tx: EntityManager, userId: UserId, passId: PassId): Promise<AccessPassRow> {
  const locked = await lockPasses(tx, userId);
  const pass = locked?.passes.find(({ id }) => id === passId);
  if (locked === null || pass === undefined) {
    throw new CkxError('user', 'PASS_UNKNOWN', 'You have no such access pass.', { remedy: 'See GET /api/v1/access/passes.' });
  }
  const { status, expiresAt } = pass;
  if (status === 'activated' && expiresAt !== null && expiresAt > locked.now) {
    const details = { startsAt: pass.startsAt?.toISOString(), expiresAt: expiresAt.toISOString() };
    throw new CkxError('user', 'PASS_ALREADY_ACTIVATED', `This pass is activated already, until ${expiresAt.toISOString()}.`, { details });
  }
  if (status !== 'purchased') {
    const over = status === 'revoked' ? 'was revoked' : 'has expired';
    throw new CkxError('user', 'PASS_OVER', `This pass ${over}.`, { remedy: 'See GET /api/v1/access/status for those you have.' });
  }
  return activate(tx, locked, pass);
}

export interface UsedPass {
  readonly pass: AccessPassRow;
  /** Its time began with this use. */
  readonly activated: boolean;
}

/**
 * The pass that opens a full lab now. Where none is valid, the oldest one that waits is activated. Called in the transaction that starts
 * the session; the one guard in front of full labs.
 *
 * @param mayActivate false: a pass that waits is named in the refusal, and goes on waiting.
 * @throws CkxError user `PASS_REQUIRED` with `waitingPassId` and where the prices are.
 */
export async function usePass(tx: EntityManager, userId: UserId, { mayActivate }: { mayActivate: boolean }): Promise<UsedPass> {
  const locked = await lockPasses(tx, userId);
  const valid = locked?.passes.find((pass) => isValid(pass, locked.now));
  if (valid !== undefined) return { pass: valid, activated: false };
  const waiting = locked?.passes.find(({ status }) => status === 'purchased');
  if (locked === null || waiting === undefined || !mayActivate) throw passRequired(waiting?.id ?? null);
  return { pass: await activate(tx, locked, waiting), activated: true };
}

async function activate(tx: EntityManager, locked: LockedPasses, { id, durationHours }: AccessPassRow): Promise<AccessPassRow> {
  const { now } = locked;
  const expiresAt = new Date(now.getTime() + durationHours * HOUR_MS);
  const passes = await decide(tx, locked, id, { status: 'activated', activatedAt: now, startsAt: now, expiresAt });
  const pass = passes.find((candidate) => candidate.id === id);
  if (pass === undefined) throw new CkxError('bug', 'PASS_MISSING', `The pass ${id} was lost while it was activated.`);
  await oweActivated(tx, pass);
  return pass;
}

function passRequired(waitingPassId: PassId | null): CkxError {
  const remedy =
    waitingPassId === null
      ? 'See the prices at /pricing, or take a mock lab, which is free.'
      : 'Activate the pass that waits, or start the lab and let it be activated.';
  return new CkxError('user', 'PASS_REQUIRED', 'This lab needs a valid access pass.', {
    remedy,
    details: { waitingPassId, pricing: '/pricing' },
  });
}
