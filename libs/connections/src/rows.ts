import { mapDatabaseError, type DataSource, type EntityManager } from '@ckx/persistence';
import { z } from 'zod';

export type Database = DataSource | EntityManager;

/** The rows of one statement, checked. @throws CkxError operational `DATABASE_UNAVAILABLE`. */
export async function rowsOf<S extends z.ZodType>(
  database: Database,
  row: S,
  sql: string,
  parameters: readonly unknown[],
): Promise<z.output<S>[]> {
  try {
    const answer: unknown = await database.query(sql, [...parameters]);
    // An UPDATE answers its rows and their number.
    const rows: unknown = /^\s*(UPDATE|DELETE)/.test(sql) ? z.tuple([z.unknown(), z.int()]).parse(answer)[0] : answer;
    return z.array(row).parse(rows);
  } catch (error) {
    throw mapDatabaseError(error);
  }
}

/** A timestamp as Postgres' driver reads it, in the form that clients read. */
export const timestamp = z.date().transform((date) => date.toISOString());
