/** Structured logs, JSON lines on standard output; the session in every line that concerns one. */
import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

export type { Logger } from 'pino';

/** Names of fields whose values never reach a log. */
const SECRETS = [
  'password',
  'passwordHash',
  'accessToken',
  'refreshToken',
  'privateKey',
  'kubeconfig',
  'authorization',
  'cookie',
  'JWT_SECRET',
  'DATABASE_URL',
];

/**
 * @param component which process speaks: api, worker-control, worker-host, …
 * @param destination standard output where not given.
 */
export function createLogger(component: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    // Where the line was written in a trace, it names it.
    mixin: () => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      return traceId === undefined ? {} : { traceId };
    },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [...SECRETS, ...SECRETS.map((name) => `*.${name}`), 'req.headers.authorization', 'req.headers.cookie'],
      censor: '[hidden]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** A logger whose every line names the session. */
export function sessionLogger(logger: Logger, session: { examSessionId: string; executionEnvironmentId?: string }): Logger {
  return logger.child({ ...session });
}
