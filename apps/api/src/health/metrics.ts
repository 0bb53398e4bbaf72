import type { ApiConfig } from '@ckx/config';
import { type DataSource } from '@ckx/persistence';
import { Controller, Get, Inject, Injectable, type NestMiddleware, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { Public } from '../auth/auth.guard.ts';
import { BillingMetrics } from '../billing/billing-metrics.ts';
import { Engine } from '../sessions/engine.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { Gauges } from './gauges.ts';
import { routeOf } from './route.ts';
import { readSnapshot } from './snapshot.ts';
import { Tally } from './tally.ts';

/** A part that does not answer in this time does not answer: Prometheus gives up after ten seconds by default. */
const PART_TIMEOUT_MS = 3_000;

/** What Prometheus reads: of this process (requests, memory), and of the installation, from Postgres at each scrape. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new Histogram({
    name: 'ckx_http_request_duration_seconds',
    help: 'Time from request to answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  private readonly gauges: Gauges;
  private readonly tally: Tally;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly engine: Engine,
    billing: BillingMetrics,
    private readonly logger: PinoLogger,
  ) {
    this.gauges = new Gauges(this.registry, { sendsMail: config.SMTP_URL !== undefined });
    this.registry.registerMetric(billing.events);
    collectDefaultMetrics({ register: this.registry });
    this.tally = new Tally(this.registry, dataSource);
  }

  /** All of it, as text. What does not answer is missing, and `ckx_part_ready` says so; the rest is still there. */
  async scrape(): Promise<string> {
    const [snapshot, temporal] = await Promise.all([
      this.within('metrics from Postgres', () => readSnapshot(this.dataSource)),
      this.within('Temporal', async () => {
        await this.engine.ping();
        return true;
      }),
      this.within('metrics from events', () => this.tally.read()),
    ]);
    const hosts = snapshot?.hosts.some(({ state }) => state === 'active') ?? false;
    this.gauges.show({ postgres: snapshot !== null, temporal: temporal ?? false, hosts }, snapshot);
    return await this.registry.metrics();
  }

  /** @returns null where there was no answer, or none in time. */
  private async within<T>(what: string, ask: () => Promise<T>): Promise<T | null> {
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => timeout.reject(new Error(`no answer within ${PART_TIMEOUT_MS} ms`)), PART_TIMEOUT_MS);
    try {
      return await Promise.race([ask(), timeout.promise]);
    } catch (error) {
      this.logger.warn({ err: error }, `scrape: ${what} is missing`);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

@Injectable()
export class MetricsMiddleware implements NestMiddleware {
  constructor(private readonly metrics: Metrics) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const stop = this.metrics.requests.startTimer({ method: request.method });
    response.once('close', () => stop({ route: routeOf(request), status: String(response.statusCode) }));
    next();
  }
}

@Public()
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  async scrape(@Res() response: Response): Promise<void> {
    response.type(this.metrics.registry.contentType).send(await this.metrics.scrape());
  }
}
