import { mapDatabaseError } from '@ckx/persistence';
import { z } from 'zod';

/** Whatever runs a query: a data source, or the manager of a transaction. */
export interface Reader {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Reads rows in one statement, so that what a client is told is of one moment, and checks their form.
 *
 * @throws CkxError operational `DATABASE_UNAVAILABLE`.
 */
export async function readRows<S extends z.ZodType>(reader: Reader, row: S, sql: string, parameters: unknown[]): Promise<z.output<S>[]> {
  try {
    return z.array(row).parse(await reader.query(sql, parameters));
  } catch (error) {
    throw mapDatabaseError(error);
  }
}

/** A timestamp as Postgres' driver reads it, in the form that clients read. */
export const timestamp = z.date().transform((date) => date.toISOString());
