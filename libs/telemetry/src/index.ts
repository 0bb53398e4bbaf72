/**
 * Traces, off unless an endpoint is given: then nothing of OpenTelemetry's SDK is even loaded, and whoever could make spans is not
 * put in place ({@link isTracing}).
 */
export { startTracing, stopTracing, isTracing } from './tracing.ts';
export { traceRequests } from './http.ts';
