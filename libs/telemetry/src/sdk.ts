/** The one file that loads OpenTelemetry's SDK. */
import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';

/** Spans are delivered in batches, at the latest after this. */
const DELIVERY_INTERVAL_MS = 1_000;
const DELIVERY_TIMEOUT_MS = 3_000;

/** Told when spans cannot be delivered. */
export interface TracingLogger {
  warn(message: string): void;
}

export interface SdkOptions {
  readonly service: string;
  readonly installation: string;
  /** Base address of an OTLP/HTTP receiver. */
  readonly endpoint: string;
  /** Share of new traces that are kept, 0 to 1; one that was begun elsewhere is gone on with. */
  readonly ratio: number;
  /** Told when spans cannot be delivered. */
  readonly logger: TracingLogger;
}

/** Registers tracer, context and propagation for the whole process. @returns what ends it */
export function registerSdk({ service, installation, endpoint, ratio, logger }: SdkOptions): () => Promise<void> {
  const warn = (message: string): void => logger.warn(`traces: ${message}`);
  const ignore = (): void => undefined;
  // Its own words on what it could not deliver; a receiver that is away harms nobody but the traces.
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, { logLevel: DiagLogLevel.WARN });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: DELIVERY_TIMEOUT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': installation }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: DELIVERY_INTERVAL_MS, exportTimeoutMillis: DELIVERY_TIMEOUT_MS }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    await provider.shutdown().catch((error: unknown) => warn(String(error)));
    trace.disable();
    propagation.disable();
    context.disable();
  };
}
