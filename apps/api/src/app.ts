import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { isTracing } from '@ckx/telemetry';
import { AppModule, type AppParts } from './app.module.ts';
import { rememberOrigin } from './http/request-origin.ts';
import { securityHeaders } from './http/security-headers.ts';
import { keepWebhookBody, WEBHOOK_PATH } from './billing/webhook-body.ts';
import { serviceAuthentication } from './internal/authentication.ts';
import { tracing } from './health/tracing.ts';
import { serveDocs } from './openapi.ts';
import { serveWeb } from './web/serve-web.ts';

/** The application, ready to listen. Its `close()` ends streams, requests, connections, in this order. */
export async function createApp(parts: AppParts): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(parts), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  if (parts.config.API_TRUST_PROXY !== undefined) app.set('trust proxy', parts.config.API_TRUST_PROXY);
  if (isTracing()) app.use(tracing());
  app.use(securityHeaders);
  if (parts.config.CKX_WEB_DIR !== undefined) app.use(serveWeb(parts.config.CKX_WEB_DIR, parts.config.GATEWAY_URL));
  app.use(rememberOrigin);
  const { config, dataSource, logger } = parts;
  app.use('/internal', serviceAuthentication({ keys: config.SERVICE_KEYS, dataSource, logger }));
  app.use(`/${WEBHOOK_PATH}`, keepWebhookBody);
  app.useBodyParser('json', { limit: '100kb' });
  serveDocs(app);
  await app.init();
  // Not before: a line for each route at every start tells nobody anything; what fails is thrown.
  app.useLogger(app.get(Logger));
  return app;
}
