import {
  type AdminUserView,
  CkxError,
  type ExamSessionId,
  type ExtraTimeBody,
  type SetDisabledBody,
  type SetRoleBody,
  type UserId,
} from '@ckx/contracts';
import { type DataSource, type EntityManager, ExamSessionEntity, inTransaction, UserEntity, type UserRow } from '@ckx/persistence';
import { recordRequest } from '@ckx/session-lifecycle/records';
import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import { lockUser, RefreshTokens } from '../auth/refresh-tokens.ts';
import { toUserView } from '../auth/user-view.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { type AuditAction, recordDeed } from './audit.ts';
import { assertNotLastAdmin, lockAdmins } from './last-admin.ts';

interface Change {
  readonly values: Partial<UserRow>;
  readonly action: AuditAction;
  readonly data: object;
}

/** How the session of an account ends that is disabled: its owner loses neither quota nor pass time by it. */
const TERMINATE = { kind: 'terminate', outcome: 'terminated_by_admin', reason: 'The account was disabled.' } as const;

/** What administrators do to accounts; each is an audit row, and done again it changes nothing. */
@Injectable()
export class UserDeeds {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly refreshTokens: RefreshTokens,
    private readonly engine: Engine,
  ) {}

  /** @throws CkxError `USER_UNKNOWN`. */
  setExtraTime(actorId: UserId, id: UserId, { percent, reason }: ExtraTimeBody): Promise<AdminUserView> {
    return this.change(actorId, id, reason, ({ extraTimePercent }) =>
      extraTimePercent === percent
        ? null
        : { values: { extraTimePercent: percent }, action: 'user.extra_time', data: { from: extraTimePercent, to: percent } },
    );
  }

  /** @throws CkxError `USER_UNKNOWN`, `LAST_ADMIN`. */
  setRole(actorId: UserId, id: UserId, { role, reason }: SetRoleBody): Promise<AdminUserView> {
    return this.change(actorId, id, reason, async (user, manager) => {
      if (user.role === role) return null;
      await assertNotLastAdmin(manager, user);
      return { values: { role }, action: 'user.role', data: { from: user.role, to: role } };
    });
  }

  /**
   * Disabling signs the account out everywhere, and ends the session that is open: nobody could use it, and it would hold its place on a host.
   *
   * @throws CkxError `USER_UNKNOWN`, `LAST_ADMIN`.
   */
  async setDisabled(actorId: UserId, id: UserId, { disabled, reason }: SetDisabledBody): Promise<AdminUserView> {
    let ended: ExamSessionId[] = [];
    const view = await this.change(actorId, id, reason, async (user, manager) => {
      ended = [];
      if ((user.disabledAt !== null) === disabled) return null;
      if (!disabled) return { values: { disabledAt: null }, action: 'user.enable', data: {} };
      await assertNotLastAdmin(manager, user);
      await this.refreshTokens.revokeAll(manager, id);
      ended = await endSessions(manager, actorId, id, reason);
      return { values: { disabledAt: new Date() }, action: 'user.disable', data: {} };
    });
    await Promise.all(ended.map((session) => this.engine.signal(session, TERMINATE)));
    return view;
  }

  private change(
    actorId: UserId,
    id: UserId,
    reason: string,
    decide: (user: UserRow, manager: EntityManager) => Change | null | Promise<Change | null>,
  ): Promise<AdminUserView> {
    return inTransaction(this.dataSource, async (manager) => {
      await lockAdmins(manager);
      const user = await lockUser(manager, id);
      if (user === null) throw userUnknown(id);
      const change = await decide(user, manager);
      if (change === null) return toAdminView(user);
      await manager.update(UserEntity, { id }, change.values);
      await recordDeed(manager, { actorId, action: change.action, target: { kind: 'user', id }, reason, data: change.data });
      return toAdminView({ ...user, ...change.values });
    });
  }
}

/** Asks for the end of what the account has open, on record as the administrator's deed; what was handed in or ended before stays so. */
async function endSessions(manager: EntityManager, actorId: UserId, userId: UserId, reason: string): Promise<ExamSessionId[]> {
  const open = await manager.find(ExamSessionEntity, {
    select: { id: true },
    where: { userId, state: Not(In(['terminated', 'failed'])), submitRequestedAt: IsNull(), terminateRequestedAt: IsNull() },
    lock: { mode: 'pessimistic_write' },
  });
  for (const { id } of open) {
    await recordRequest(manager, id, TERMINATE);
    await recordDeed(manager, {
      actorId,
      action: 'session.terminate',
      target: { kind: 'session', id },
      reason,
      data: { by: 'user.disable' },
    });
  }
  return open.map(({ id }) => id);
}

export function userUnknown(id: UserId): CkxError {
  return new CkxError('user', 'USER_UNKNOWN', `There is no account ${id}.`, { remedy: 'See GET /api/v1/admin/users.' });
}

export function toAdminView(user: UserRow): AdminUserView {
  return { ...toUserView(user), extraTimePercent: user.extraTimePercent, disabled: user.disabledAt !== null };
}
