/** Access passes and payments among the numbers of the moment. */
import { PassStatus } from '@ckx/contracts';
import { PASS_REPAIRS } from '@ckx/contracts/access-pass';
import { z } from 'zod';

const PAYMENT_STATUSES = ['open', 'paid', 'failed', 'expired', 'refunded', 'disputed', 'refused'] as const;

export const PassSnapshot = z.object({
  passes: z.partialRecord(PassStatus, z.number()),
  payments: z.partialRecord(z.enum(PAYMENT_STATUSES), z.number()),
  /** How long ago the time of a pass ended that is longest past its end and not recorded so; 0 where there is none. */
  overdueSeconds: z.number(),
  /** Age of the oldest decision about a pass that its workflow has not heard; 0 where there is none. */
  relayLagSeconds: z.number(),
  reconciliation: z
    .object({ atSeconds: z.number(), repairs: z.partialRecord(z.enum(PASS_REPAIRS), z.number()), failed: z.number() })
    .nullable(),
});
type PassSnapshot = z.infer<typeof PassSnapshot>;

const counts = (table: string): string =>
  `(SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (SELECT status, count(*) AS n FROM ${table} GROUP BY status) c)`;

/** A part of the one statement that reads the snapshot. */
export const PASS_SQL = `jsonb_build_object(
  'passes', ${counts('access_passes')},
  'payments', ${counts('payments')},
  'overdueSeconds', (
    SELECT coalesce(greatest(0, max(extract(epoch FROM now() - expires_at))), 0) FROM access_passes WHERE status = 'activated'),
  'relayLagSeconds', (
    SELECT coalesce(max(extract(epoch FROM now() - decided_at)), 0) FROM access_passes WHERE heard_revision < revision),
  'reconciliation', (
    SELECT jsonb_build_object(
      'atSeconds', extract(epoch FROM r.at),
      'failed', jsonb_array_length(r.report->'failed'),
      'repairs', (
        SELECT coalesce(jsonb_object_agg(repair, n), '{}') FROM (
          SELECT entry->>'repair' AS repair, count(*) AS n FROM jsonb_array_elements(r.report->'repaired') entry GROUP BY 1) c))
    FROM pass_reconciliations r ORDER BY r.at DESC, r.id DESC LIMIT 1))`;

/** Name, help, labels. */
export const PASS_GAUGES = [
  ['ckx_access_passes', 'Access passes by status.', 'status'],
  ['ckx_payments', 'Payments by status.', 'status'],
  ['ckx_pass_expiry_overdue_seconds', 'How far the pass that is longest past its end, and not recorded so, is past it; 0 where none is.'],
  ['ckx_pass_relay_lag_seconds', 'Age of the oldest decision about a pass that its workflow has not heard; 0 where there is none.'],
  ['ckx_pass_reconcile_last_run_timestamp_seconds', 'When passes were last reconciled; 0 where they never were.'],
  ['ckx_pass_reconcile_last_repairs', 'What the last reconciliation of passes mended, or could not.', 'repair'],
] as const;

type Set = (name: (typeof PASS_GAUGES)[number][0], value: number, labels?: Record<string, string>) => void;

export function showPasses(snapshot: PassSnapshot, set: Set): void {
  for (const status of PassStatus.options) set('ckx_access_passes', snapshot.passes[status] ?? 0, { status });
  for (const status of PAYMENT_STATUSES) set('ckx_payments', snapshot.payments[status] ?? 0, { status });
  set('ckx_pass_expiry_overdue_seconds', snapshot.overdueSeconds);
  set('ckx_pass_relay_lag_seconds', snapshot.relayLagSeconds);
  set('ckx_pass_reconcile_last_run_timestamp_seconds', snapshot.reconciliation?.atSeconds ?? 0);
  for (const repair of PASS_REPAIRS) set('ckx_pass_reconcile_last_repairs', snapshot.reconciliation?.repairs[repair] ?? 0, { repair });
  set('ckx_pass_reconcile_last_repairs', snapshot.reconciliation?.failed ?? 0, { repair: 'failed' });
}
