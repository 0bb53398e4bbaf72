import type { ApiConfig } from '@ckx/config';
import type { Catalog } from '@ckx/lab-packs';
import type { Logger } from '@ckx/logging';
import { type DataSource } from '@ckx/persistence';
import {
  type DynamicModule,
  Global,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationShutdown,
  StandardSchemaSerializerInterceptor,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { AccessModule } from './access/access.module.ts';
import { AuthModule } from './auth/auth.module.ts';
import { BillingModule } from './billing/billing.module.ts';
import { HealthController } from './health/health.controller.ts';
import { Metrics, MetricsController, MetricsMiddleware } from './health/metrics.ts';
import { Tracing } from './health/tracing.ts';
import { Drain } from './http/drain.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { requestLogging } from './http/request-logging.ts';
import { ValidationPipe } from './http/validation.ts';
import { BlobsController } from './internal/blobs.controller.ts';
import { LabsController } from './labs/labs.controller.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { CATALOG, CONFIG, DATA_SOURCE } from './tokens.ts';
import { UsersModule } from './users/users.module.ts';

/** What the application is given; it ends the data source when it ends. */
export interface AppParts {
  readonly config: ApiConfig;
  readonly dataSource: DataSource;
  readonly catalog: Catalog;
  readonly logger: Logger;
}

@Global()
@Module({})
class PartsModule implements OnApplicationShutdown {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  static of({ config, dataSource, catalog }: AppParts): DynamicModule {
    return {
      module: PartsModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: DATA_SOURCE, useValue: dataSource },
        { provide: CATALOG, useValue: catalog },
      ],
      exports: [CONFIG, DATA_SOURCE, CATALOG],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

@Module({})
export class AppModule implements NestModule {
  static of(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PartsModule.of(parts),
        LoggerModule.forRoot(requestLogging(parts.logger)),
        AuthModule,
        SessionsModule,
        AccessModule,
        BillingModule,
        UsersModule,
      ],
      controllers: [LabsController, BlobsController, HealthController, MetricsController],
      providers: [
        Metrics,
        Tracing,
        Drain,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(MetricsMiddleware).forRoutes('{/*splat}');
  }
}
