/** Passes whose workflow has to be told, or has missed something: for the relay and the hourly look. */
import { PassId, PassTypeId, UserId } from '@ckx/contracts';
import type { AccessPassInput } from '@ckx/contracts/access-pass';
import type { AccessPassRow, DataSource } from '@ckx/persistence';
import { z } from 'zod';

const Input = z.object({ passId: PassId, userId: UserId, passTypeId: PassTypeId, source: z.enum(['purchase', 'grant']) });
const COLUMNS = 'id AS "passId", user_id AS "userId", pass_type_id AS "passTypeId", source';

/** What a pass's workflow is started with. */
export function inputOf({ id, userId, passTypeId, source }: AccessPassRow): AccessPassInput {
  return { passId: id, userId, passTypeId, source };
}

/**
 * Passes of which something was decided that their workflow has not heard. Young decisions are left to whoever made them; the older one
 * is, the more seldom it is repeated, at the least one time in ten: a workflow that is slow to act is not flooded.
 */
export async function findUnheard(dataSource: DataSource, limit: number): Promise<AccessPassInput[]> {
  const rows: unknown = await dataSource.query(
    `SELECT ${COLUMNS} FROM (
       SELECT *, extract(epoch FROM now() - decided_at) AS age FROM access_passes WHERE heard_revision < revision) unheard
      WHERE age > 2 AND random() < greatest(0.1, 4 / age) ORDER BY decided_at LIMIT $1`,
    [limit],
  );
  return z.array(Input).parse(rows);
}

const Open = Input.extend({
  /** Past its end by more than a moment, and not recorded so. */
  overdue: z.boolean(),
  /** Its workflow has not heard what was decided a while ago. */
  unheard: z.boolean(),
});
export type OpenPass = z.infer<typeof Open>;

/** Passes that have time before them, and those whose workflow does not know that they have none; a page of them, by id. */
export async function listOpen(dataSource: DataSource, after: PassId | null, limit: number): Promise<OpenPass[]> {
  const rows: unknown = await dataSource.query(
    `SELECT ${COLUMNS},
            status = 'activated' AND expires_at < now() - interval '10 seconds' AS overdue,
            heard_revision < revision AND decided_at < now() - interval '1 minute' AS unheard
       FROM access_passes
      WHERE (status IN ('purchased', 'activated') OR heard_revision < revision) AND ($1::uuid IS NULL OR id > $1)
      ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return z.array(Open).parse(rows);
}
