/** Access passes as records and clients know them (design §6). */
import { z } from 'zod';

/** `purchased`: paid or granted, its time has not begun. Before that a pass has no record. */
export const PassStatus = z.enum(['purchased', 'activated', 'expired', 'revoked']);
export type PassStatus = z.infer<typeof PassStatus>;

export const PassTypeId = z.enum(['38_hours', '1_week', '2_weeks']);
export type PassTypeId = z.infer<typeof PassTypeId>;
