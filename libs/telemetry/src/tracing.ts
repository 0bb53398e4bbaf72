import type { TracingLogger } from './sdk.ts';

/** The variables that say whether and where to: see libs/config. */
export interface TracingConfig {
  readonly CKX_INSTALLATION: string;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** Ends what {@link startTracing} began; one per process, as OpenTelemetry's own registration is. */
let stop: (() => Promise<void>) | null = null;

export function isTracing(): boolean {
  return stop !== null;
}

/**
 * Begins to make traces, before anything that could be traced is built. Does nothing without an endpoint.
 *
 * @param service which process speaks: ckx-api, ckx-worker-control, ckx-worker-host.
 */
export async function startTracing(service: string, config: TracingConfig, logger: TracingLogger): Promise<void> {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined || stop !== null) return;
  const { registerSdk } = await import('./sdk.ts');
  stop = registerSdk({
    service,
    installation: config.CKX_INSTALLATION,
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
    logger,
  });
}

/** Delivers what is still here, within seconds, and makes no more. Safe to call twice, and where none were made. */
export async function stopTracing(): Promise<void> {
  const ending = stop;
  stop = null;
  await ending?.();
}
