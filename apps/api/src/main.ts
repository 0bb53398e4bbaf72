import { ApiConfig, readConfig } from '@ckx/config';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger } from '@ckx/logging';
import { openDatabase } from '@ckx/persistence';
import { createApp } from './app.ts';

const config = readConfig(ApiConfig);
const logger = createLogger('api', config.LOG_LEVEL);
try {
  const catalog = createCatalog(config.CKX_LABS);
  for (const { level, root, place, message } of catalog.problems()) logger.warn({ level, root, place }, `lab pack: ${message}`);
  const dataSource = await openDatabase(config.DATABASE_URL, { applicationName: 'ckx-api' });
  const app = await createApp({ config, dataSource, catalog, logger });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.listen(config.API_PORT, config.API_HOST);
  logger.info({ url: await app.getUrl(), labs: catalog.list().length }, 'listening');
} catch (error) {
  logger.fatal({ err: error }, error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
