import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@ckx/logging';
import { collectDefaultMetrics, Registry } from 'prom-client';

const SDK_METRICS_TIMEOUT_MS = 2_000;

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface HealthOptions {
  readonly port: number;
  /** Port on loopback where Temporal's SDK serves its own metrics; they are shown with ours. */
  readonly sdkMetricsPort: number | undefined;
  readonly isReady: () => boolean;
  readonly logger: Logger;
  /** Adds metrics of the role's own. */
  readonly register?: ((registry: Registry) => void) | undefined;
}

/** Serves `/healthz` (the process lives), `/readyz` (it takes work) and `/metrics` (Prometheus text). */
export async function serveHealth({ port, sdkMetricsPort, isReady, logger, register }: HealthOptions): Promise<HealthServer> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  register?.(registry);

  const metrics = async (): Promise<string> => {
    const own = await registry.metrics();
    if (sdkMetricsPort === undefined) return own;
    const sdk = await fetch(`http://127.0.0.1:${sdkMetricsPort}/metrics`, { signal: AbortSignal.timeout(SDK_METRICS_TIMEOUT_MS) });
    return `${own}${await sdk.text()}`;
  };
  const server = createServer((request, response) => {
    const answer = (status: number, body: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body);
    };
    switch (request.url) {
      case '/healthz':
        return answer(200, 'ok\n');
      case '/readyz':
        return isReady() ? answer(200, 'ready\n') : answer(503, 'not ready\n');
      case '/metrics':
        return void metrics().then(
          (text) => answer(200, text),
          (error: unknown) => {
            logger.error({ err: error }, 'metrics could not be collected');
            answer(500, 'metrics could not be collected\n');
          },
        );
      default:
        return answer(404, 'not found\n');
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
