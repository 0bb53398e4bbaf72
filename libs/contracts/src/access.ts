/** Access passes as records and clients know them (design §6). */
import { z } from 'zod';
import { PassId } from './ids.ts';

/** `purchased`: paid or granted, its time has not begun. Before that a pass has no record. */
export const PassStatus = z.enum(['purchased', 'activated', 'expired', 'revoked']);
export type PassStatus = z.infer<typeof PassStatus>;

export const PassTypeId = z.enum(['38_hours', '1_week', '2_weeks']);
export type PassTypeId = z.infer<typeof PassTypeId>;

/** A pass as its owner sees it. */
export const PassView = z.object({
  id: PassId,
  type: PassTypeId,
  name: z.string(),
  durationHours: z.int(),
  priceCents: z.int(),
  /** `activated` with `startsAt` ahead: another pass runs until then. */
  status: PassStatus,
  source: z.enum(['purchase', 'grant']),
  purchasedAt: z.iso.datetime(),
  /** The three are null until it is activated. */
  activatedAt: z.iso.datetime().nullable(),
  startsAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  revoked: z
    .object({
      at: z.iso.datetime(),
      why: z.enum(['refund', 'dispute', 'administrator']),
      /** An administrator's words. */
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type PassView = z.infer<typeof PassView>;

export const AccessStatus = z.object({
  /** Whether a full lab may be started now without activating a pass. */
  valid: z.boolean(),
  /** Of the pass that runs; null where none does. */
  type: PassTypeId.nullable(),
  passId: PassId.nullable(),
  expiresAt: z.iso.datetime().nullable(),
  /** Until `expiresAt`; 0 where no pass runs. */
  remainingSeconds: z.int(),
  /** End of the last pass that follows the running one without a gap. */
  accessUntil: z.iso.datetime().nullable(),
  /** Activated, and begin when the running one ends; in order. */
  upcoming: z.array(PassView),
  /** Not activated yet; the first is activated by the next full lab where no pass runs. */
  waiting: z.array(PassView),
});
export type AccessStatus = z.infer<typeof AccessStatus>;

/** An administrator gives a pass. Unknown fields are refused. */
export const GrantPassBody = z.strictObject({
  type: PassTypeId,
  reason: z.string().trim().min(1).max(300),
  /** The pass's id, made by the caller: a repeated call gives one pass. */
  id: PassId,
});
export type GrantPassBody = z.infer<typeof GrantPassBody>;
