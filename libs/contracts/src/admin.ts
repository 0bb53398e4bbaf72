import { z } from 'zod';
import { UserView } from './api.ts';
import { HostFacts } from './host.ts';
import { HostId, UserId } from './ids.ts';
import { SessionView } from './session.ts';
import { AttemptState, EnvironmentState, ProvisionStep, Role } from './states.ts';

/** Bodies and answers of `/api/v1/admin`. Unknown fields are refused. */
const reason = z.string().trim().min(1).max(300);

/** Why an administrator does something; kept in the audit log. */
export const ReasonBody = z.strictObject({ reason });
export type ReasonBody = z.infer<typeof ReasonBody>;

/** `message` is shown to the candidates who sit on the host, with what becomes of their clock; without one they are not told. */
export const DrainBody = z.strictObject({ reason, message: z.string().trim().max(300).default('') });
export type DrainBody = z.infer<typeof DrainBody>;

/** `message` is shown to candidates: needed to switch maintenance on. */
export const MaintenanceBody = z
  .strictObject({ on: z.boolean(), message: z.string().trim().max(300).default('') })
  .refine(({ on, message }) => !on || message !== '', { path: ['message'], message: 'candidates must be told what is done' });
export type MaintenanceBody = z.infer<typeof MaintenanceBody>;

/** More time on every exam from now on, in percent of its duration. */
export const ExtraTimeBody = z.strictObject({ percent: z.int().min(0).max(200), reason });
export type ExtraTimeBody = z.infer<typeof ExtraTimeBody>;

export const SetRoleBody = z.strictObject({ role: Role, reason });
export type SetRoleBody = z.infer<typeof SetRoleBody>;

/** A disabled account is signed out everywhere and signs in nowhere. */
export const SetDisabledBody = z.strictObject({ disabled: z.boolean(), reason });
export type SetDisabledBody = z.infer<typeof SetDisabledBody>;

/** A mail of the outbox. */
export const MailView = z.object({
  id: z.uuid(),
  kind: z.string(),
  recipient: z.string(),
  /** `owed`: not sent yet, or there is no SMTP to send it by. */
  state: z.enum(['owed', 'sent', 'given_up']),
  attempts: z.int(),
  /** Why the last attempt failed. */
  failure: z.string().nullable(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
});
export type MailView = z.infer<typeof MailView>;

/** The newest first; `next` goes into `before` for the next page. */
export const MailPage = z.object({ mails: z.array(MailView), next: z.uuid().nullable() });
export type MailPage = z.infer<typeof MailPage>;

/** A mail as it is, or would be, sent. */
export const MailLetter = MailView.extend({ subject: z.string(), text: z.string(), html: z.string() });
export type MailLetter = z.infer<typeof MailLetter>;

const units = z.object({ cpuMillis: z.int(), memoryMib: z.int() });

export const HostView = z.object({
  hostId: HostId,
  address: z.string(),
  state: z.enum(['active', 'draining', 'lost']),
  /** Takes no new session; stays so while the host is lost. */
  draining: z.boolean(),
  capacity: units.extend({ bootSlots: z.int() }),
  /** By environments that are not destroyed. */
  used: units.extend({ environments: z.int(), booting: z.int() }),
  engine: HostFacts.shape.engine,
  registeredAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
});
export type HostView = z.infer<typeof HostView>;

/** Row of `settings` in which whoever keeps the warm pools says how large each is to be. */
export const WARM_POOL_SETTING = 'warm_pool';
export const WarmPoolSetting = z.object({ size: z.int().min(0) });

/** Environments of a host that were made before their session. */
export const HostPoolView = z.object({
  hostId: HostId,
  /** How many it is to keep ready: none while it takes no sessions. */
  wanted: z.int(),
  ready: z.int(),
  filling: z.int(),
  /** On their way out: too old, or in the way of a session. */
  leaving: z.int(),
  /** Of those begun in the last 24 hours: how many a session was given, and how many went without ever having been ready. */
  lastDay: z.object({ taken: z.int(), neverReady: z.int() }),
});
export const PoolView = z.object({
  /** Of each host, as whoever keeps the pools last said; 0 where nobody has. */
  size: z.int(),
  hosts: z.array(HostPoolView),
});
export type PoolView = z.infer<typeof PoolView>;

/** A session as those who run the installation look at it. */
export const AdminSessionView = SessionView.extend({
  userEmail: z.string(),
  hostId: HostId.nullable(),
  /** Of those that wait, from 1. */
  place: z.int().positive().nullable(),
  /** What its preparation is at; null before and after. */
  step: ProvisionStep.nullable(),
  environment: EnvironmentState.nullable(),
  attempt: AttemptState.nullable(),
  /** Its workflow in Temporal's console; null where no console is known. */
  consoleUrl: z.url().nullable(),
});
export type AdminSessionView = z.infer<typeof AdminSessionView>;

export const AdminUserView = UserView.extend({ extraTimePercent: z.int(), disabled: z.boolean() });
export type AdminUserView = z.infer<typeof AdminUserView>;

/** By e-mail address; `next` goes into `after` for the next page. */
export const UserPage = z.object({ users: z.array(AdminUserView), next: z.string().nullable() });
export type UserPage = z.infer<typeof UserPage>;

export const AuditEntry = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  /** null where the account is gone. */
  actorId: UserId.nullable(),
  actorEmail: z.string().nullable(),
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  reason: z.string().nullable(),
  /** From where, as the API saw it; null of deeds that no request did. */
  address: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The newest first; `next` goes into `before` for the next page. */
export const AuditPage = z.object({ entries: z.array(AuditEntry), next: z.int().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
