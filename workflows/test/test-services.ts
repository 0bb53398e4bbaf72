import { testPostgres, testTemporal } from '@ckx/test-support/services';
import type { Services } from './installation.ts';

/** A database and a namespace of the test file's own. */
export async function testServices(): Promise<Services> {
  const [{ url: databaseUrl }, temporal] = await Promise.all([testPostgres(), testTemporal()]);
  return { databaseUrl, ...temporal };
}
