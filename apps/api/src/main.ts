import { ApiConfig, ConfigError, readConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger } from '@ckx/logging';
import { openDatabase } from '@ckx/persistence';
import { startTracing } from '@ckx/telemetry';
import { createApp } from './app.ts';

async function start(config: ApiConfig): Promise<void> {
  const logger = createLogger('api', config.LOG_LEVEL);
  await startTracing('ckx-api', config, logger);
  const catalog = createCatalog(config.CKX_LABS);
  for (const { level, root, place, message } of catalog.problems()) logger.warn({ fault: level, root, place }, `lab pack: ${message}`);
  const dataSource = await openDatabase(config.DATABASE_URL, { applicationName: 'ckx-api' });
  const app = await createApp({ config, dataSource, catalog, logger });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  try {
    await app.listen(config.API_PORT, config.API_HOST);
  } catch (error) {
    await app.close();
    throw portProblem(error, config);
  }
  logger.info({ url: await app.getUrl(), labs: catalog.list().length }, 'listening');
}

function portProblem(error: unknown, { API_HOST, API_PORT }: ApiConfig): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new CkxError('user', 'PORT_IN_USE', `Port ${API_PORT} of ${API_HOST} is in use.`, {
    remedy: 'End what listens there, or set API_PORT.',
    cause: error,
  });
}

try {
  await start(readConfig(ApiConfig));
} catch (error) {
  // What a person can mend is said in a sentence; for all else the stack is wanted.
  const logger = createLogger('api', 'fatal');
  if (error instanceof CkxError) logger.fatal({ code: error.code, remedy: error.remedy }, error.message);
  else if (error instanceof ConfigError) logger.fatal(error.message);
  else logger.fatal({ err: error }, 'The API could not start.');
  process.exitCode = 1;
}
