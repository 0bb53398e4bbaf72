import type { Logger } from '@ckx/logging';
import { makeTelemetryFilterString, Runtime, type LogLevel, type LogMetadata } from '@temporalio/worker';

/** Workflow ids of exam sessions, from which a log line's session is read. */
const SESSION_WORKFLOW = /^exam-session\/(.+)$/;

/**
 * Puts our logger behind Temporal's, and lets signals to us. Called before anything else of Temporal.
 *
 * @param metricsPort where the SDK's own metrics are served on loopback; none where undefined.
 */
export function installRuntime(logger: Logger, metricsPort: number | undefined): void {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const examSessionId = SESSION_WORKFLOW.exec(String(meta['workflowId'] ?? ''))?.[1];
    const { error, ...rest } = meta;
    logger[LEVELS[level]]({ ...rest, ...(error === undefined ? {} : { err: error }), ...(examSessionId && { examSessionId }) }, message);
  };
  Runtime.install({
    logger: {
      log: write,
      trace: (message, meta) => write('TRACE', message, meta),
      debug: (message, meta) => write('DEBUG', message, meta),
      info: (message, meta) => write('INFO', message, meta),
      warn: (message, meta) => write('WARN', message, meta),
      error: (message, meta) => write('ERROR', message, meta),
    },
    // Shutdown is ours: worker first, then connection, then database.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(metricsPort === undefined ? {} : { metrics: { prometheus: { bindAddress: `127.0.0.1:${metricsPort}` } } }),
    },
  });
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
