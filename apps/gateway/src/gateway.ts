import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { GatewayConfig } from '@ckx/config';
import { CkxError, ConnectionKind, GATEWAY_PROTOCOL, ticketAmong } from '@ckx/contracts';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import { WebSocketServer } from 'ws';
import { Connections, USUAL_PACE, type Pace } from './connections.ts';
import { internalApi } from './internal.ts';
import { Metrics } from './metrics.ts';
import { serve, type OpenParts } from './open.ts';
import { Spool } from './spool.ts';

/** Of one frame: a paste of a megabyte comes in one. */
const FRAME_LIMIT_BYTES = 4 * 1024 ** 2;

export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly pace?: Pace;
}

export interface Gateway {
  readonly server: Server;
  /** Ends every connection, and stores what was recorded. */
  close(): Promise<void>;
}

/** Starts to serve: recovers what an earlier process of this copy left, then listens. @throws CkxError `DATABASE_UNAVAILABLE`, `PORT_IN_USE`. */
export async function startGateway({ config, dataSource, logger, pace = USUAL_PACE }: GatewayParts): Promise<Gateway> {
  const metrics = new Metrics(() => connections);
  const gatewayId = config.GATEWAY_ID;
  const connections = new Connections({ dataSource, logger, gatewayId, pace, onEnd: (kind, end) => metrics.ended(kind, end) });
  // Also where nothing is recorded now: something may have been.
  const spool = new Spool(config.GATEWAY_SPOOL_DIR, dataSource, logger);
  await connections.start();
  const recovered = await spool.recover();
  if (recovered > 0) logger.info({ recordings: recovered }, 'recordings of a gateway that is gone were stored');

  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: FRAME_LIMIT_BYTES,
    handleProtocols: (offered) => (offered.has(GATEWAY_PROTOCOL) ? GATEWAY_PROTOCOL : false),
  });
  const parts: OpenParts = {
    dataSource,
    logger,
    connections,
    spool: config.TERMINAL_RECORDING ? spool : null,
    gatewayId,
    gatewayKey: config.GATEWAY_PRIVATE_KEY,
    resumeWindowMs: config.CONNECTION_RESUME_WINDOW_MS,
  };
  const origins = new Set([config.APP_URL, ...config.GATEWAY_ORIGINS].map((url) => new URL(url).origin));
  const underWay = new Set<Promise<void>>();
  let stopping = false;

  const internal = internalApi({ keys: config.SERVICE_KEYS, dataSource, connections, logger });
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      logger.error({ err: error }, 'a request failed');
      if (!response.headersSent) response.writeHead(503);
      response.end();
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?');
    const json = (status: number, body: unknown) => {
      // Where the body was not read, the connection serves no further request.
      if (!request.complete) response.setHeader('connection', 'close').once('finish', () => request.destroy());
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
    };
    if (path.startsWith('/internal/')) {
      const { status, body } = await internal(request);
      return json(status, body);
    }
    if (path === '/health/live') return json(200, { ok: true });
    if (path === '/health/ready') {
      const isReady = await dataSource.query('SELECT 1').then(
        () => !stopping,
        () => false,
      );
      return json(isReady ? 200 : 503, { ok: isReady });
    }
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.page());
      return;
    }
    json(404, { type: 'about:blank', title: 'NOT_FOUND', status: 404, code: 'NOT_FOUND' });
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    const kind = ConnectionKind.safeParse(/^\/ws\/([a-z]+)$/.exec(url.pathname)?.[1]);
    const refuse = (reason: 'path' | 'origin' | 'stopping', status: string) => {
      metrics.refused(reason);
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    socket.on('error', () => socket.destroy());
    if (!kind.success) return refuse('path', '404 Not Found');
    if (stopping) return refuse('stopping', '503 Service Unavailable');
    // A page of somebody else's must not connect with what a browser of ours holds; whoever is no browser says an origin all the same.
    if (!origins.has(request.headers.origin ?? '')) return refuse('origin', '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const ticket = ticketAmong((request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim()));
      const work = serve(parts, { kind: kind.data, socket: accepted, query: url.searchParams, ticket });
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    });
  });

  server.listen(config.GATEWAY_PORT, config.GATEWAY_HOST);
  await once(server, 'listening').catch((cause: unknown) => {
    throw portProblem(cause, config);
  });

  return {
    server,
    close: async () => {
      stopping = true;
      server.close();
      await connections.stop();
      await Promise.allSettled(underWay);
      server.closeAllConnections();
      await connections.writeEnds().catch(() => undefined);
    },
  };
}

function portProblem(error: unknown, { GATEWAY_HOST, GATEWAY_PORT }: GatewayConfig): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new CkxError('user', 'PORT_IN_USE', `Port ${GATEWAY_PORT} of ${GATEWAY_HOST} is in use.`, {
    remedy: 'End what listens there, or set GATEWAY_PORT.',
    cause: error,
  });
}
