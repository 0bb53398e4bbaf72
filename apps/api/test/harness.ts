/** The API in this process, on a port of its own, over a database and a namespace of its own. */
import { ApiConfig, readConfig } from '@ckx/config';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger, type Logger } from '@ckx/logging';
import { type DataSource, openDatabase, UserEntity } from '@ckx/persistence';
import { testPostgres } from '@ckx/test-support';
import { ApiClient } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { createApp } from '../src/app.ts';

export const JWT_SECRET = 'a secret of tests, at least 32 characters long';
const LABS = new URL('labs', import.meta.url).pathname;

export interface TestApi {
  readonly url: string;
  readonly config: ApiConfig;
  /** The test's own connection, apart from the API's. */
  readonly database: DataSource;
  candidate(): Promise<ApiClient>;
  admin(): Promise<ApiClient>;
  close(): Promise<void>;
}

/** @param env whatever differs from the defaults; by default Temporal is where nobody listens. */
export async function startApi(env: Record<string, string> = {}, logger: Logger = createLogger('api', 'silent')): Promise<TestApi> {
  const databaseUrl = env['DATABASE_URL'] ?? (await testPostgres()).url;
  const config = readConfig(ApiConfig, {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    CKX_LABS: LABS,
    JWT_SECRET,
    AUTH_ATTEMPTS_PER_MINUTE: '1000',
    ...env,
  });
  const database = await openDatabase(databaseUrl, { poolSize: 3 });
  const dataSource = await openDatabase(config.DATABASE_URL, { applicationName: 'ckx-api-test' });
  const app = await createApp({ config, dataSource, catalog: createCatalog(config.CKX_LABS), logger });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    url,
    config,
    database,
    candidate: () => ApiClient.register(url),
    admin: async () => {
      const credentials = { email: `admin-${randomUUID()}@example.org`, password: `pw-${randomUUID()}` };
      await new ApiClient(url).send('POST', '/auth/register', { ...credentials, name: 'An Administrator' });
      await database.manager.update(UserEntity, { email: credentials.email }, { role: 'admin' });
      return ApiClient.login(url, credentials);
    },
    close: async () => {
      await app.close();
      await database.destroy();
    },
  };
}
