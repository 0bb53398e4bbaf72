import type { SandboxReversal, UserId } from '@ckx/contracts';
import { AuditEntity, type EntityManager } from '@ckx/persistence';
import { originOfRequest } from '../http/request-origin.ts';

/** Everything that an administrator can do, as the audit log calls it. */
export type AuditAction =
  | 'session.terminate'
  | 'session.extend'
  | 'session.extend_refused'
  | 'session.credit'
  | 'session.credit_refused'
  | 'session.void'
  | 'session.regrade'
  | 'lab.regrade'
  | 'host.drain'
  | 'host.resume'
  | 'user.extra_time'
  | 'user.role'
  | 'user.disable'
  | 'user.enable'
  | 'mail.show_link'
  | 'lab_pack.upload'
  | 'pass.grant'
  | 'pass.revoke'
  | `payment.sandbox_${SandboxReversal}`
  | 'installation.maintenance';

export interface Deed {
  readonly actorId: UserId;
  readonly action: AuditAction;
  readonly target: {
    readonly kind: 'session' | 'lab' | 'host' | 'user' | 'pass' | 'lab_pack' | 'payment' | 'mail' | 'installation';
    readonly id: string;
  };
  readonly reason: string | null;
  /** What was changed, and from what; nothing sensitive. */
  readonly data?: object;
}

/** Writes down a deed, in the transaction that does it; of what goes through a workflow, before that is asked. */
export async function recordDeed(manager: EntityManager, { target, data = {}, ...deed }: Deed): Promise<void> {
  await manager.insert(AuditEntity, { ...deed, targetKind: target.kind, targetId: target.id, address: originOfRequest(), data });
}
