/** Structured logs, JSON lines on standard output; the session in every line that concerns one. */
import { pino, type Logger } from 'pino';

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

/** @param component which process speaks: api, worker-control, worker-host, … */
export function createLogger(component: string, level: string): Logger {
  return pino({
    level,
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [...SECRETS, ...SECRETS.map((name) => `*.${name}`), 'req.headers.authorization', 'req.headers.cookie'],
      censor: '[hidden]',
    },
  });
}

/** A logger whose every line names the session. */
export function sessionLogger(logger: Logger, session: { examSessionId: string; executionEnvironmentId?: string }): Logger {
  return logger.child({ ...session });
}
