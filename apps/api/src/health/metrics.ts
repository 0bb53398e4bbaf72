import { SESSION_STATES } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Controller, Get, Inject, Injectable, type NestMiddleware, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { Public } from '../auth/auth.guard.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { routeOf } from './route.ts';

const StateCounts = z.array(z.object({ state: z.string(), count: z.int() }));

/** What Prometheus reads. Counts of sessions come from Postgres at each scrape: they are true whichever copy of the API answers. */
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

  constructor(@Inject(DATA_SOURCE) dataSource: DataSource) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'ckx_exam_sessions',
      help: 'Exam sessions by state.',
      labelNames: ['state'],
      registers: [this.registry],
      async collect() {
        // Without the database there are no samples, rather than old ones; all else is still scraped, and readiness says why.
        this.reset();
        const rows: unknown = await dataSource.query('SELECT state, count(*) FROM exam_sessions GROUP BY state').catch(() => null);
        if (rows === null) return;
        const counts = new Map(StateCounts.parse(rows).map(({ state, count }) => [state, count]));
        for (const state of SESSION_STATES) this.set({ state }, counts.get(state) ?? 0);
      },
    });
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
    response.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
