import { ConfigError, GatewayConfig, readConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import { createLogger } from '@ckx/logging';
import { openDatabase } from '@ckx/persistence';
import { startGateway } from './gateway.ts';

async function start(config: GatewayConfig): Promise<void> {
  const logger = createLogger('gateway', config.LOG_LEVEL);
  const dataSource = await openDatabase(config.DATABASE_URL, { applicationName: 'ckx-gateway' });
  const gateway = await startGateway({ config, dataSource, logger }).catch(async (error: unknown) => {
    await dataSource.destroy();
    throw error;
  });
  logger.info({ address: gateway.server.address() }, 'listening');
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'stopping');
    await gateway.close();
    await dataSource.destroy();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

try {
  await start(readConfig(GatewayConfig));
} catch (error) {
  // What a person can mend is said in a sentence; for all else the stack is wanted.
  const logger = createLogger('gateway', 'fatal');
  if (error instanceof CkxError) logger.fatal({ code: error.code, remedy: error.remedy }, error.message);
  else if (error instanceof ConfigError) logger.fatal(error.message);
  else logger.fatal({ err: error }, 'The gateway could not start.');
  process.exitCode = 1;
}
