/**
 * The one place that reads the environment. Each process parses the groups it needs once, at start; what it does not parse it does
 * not hold, so the host role never sees a database address. Values are frozen.
 */
import { availableParallelism, hostname, totalmem } from 'node:os';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65535);
const positive = z.coerce.number().int().positive();

/** An environment variable that is set to nothing counts as not set. */
function blankToUndefined(value: unknown): unknown {
  return value === '' ? undefined : value;
}

/** Parts that differ between installations on one engine or one Temporal service. */
const installation = {
  /** Label on every resource; another installation's are never touched. */
  CKX_INSTALLATION: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
    .default('default'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};

const temporal = {
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
};

const database = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
};

const labs = {
  /** Folders with lab packs, `:`-separated. */
  CKX_LABS: z
    .string()
    .min(1)
    .transform((value) => value.split(':').filter(Boolean)),
};

const sessions = {
  /** Bound over all hosts; each host's own capacity bounds it further. */
  MAX_CONCURRENT_SESSIONS: positive.default(50),
  /** Sessions that may wait for admission before a start answers 503. */
  QUEUE_LIMIT: z.coerce.number().int().nonnegative().default(100),
  /** How long `ready` waits for the candidate before the clock starts (design §4). */
  START_GRACE_MS: positive.default(10 * 60_000),
  /** How long `initializing` may take (research seed: 60 s). */
  PROVISION_TIMEOUT_MS: positive.default(60_000),
};

function range(name: string, start: number, end: number) {
  return { [`${name}_START`]: port.default(start), [`${name}_END`]: port.default(end) };
}

const host = {
  CKX_HOST_ID: z.string().optional(),
  /** Address on which this host's ports are published and reached: loopback, or its private address. */
  CKX_HOST_ADDRESS: z.ipv4().default('127.0.0.1'),
  /** Address of the candidate's own SSH client's way in, which an operator may publish. */
  CKX_JUMPHOST_ADDRESS: z.ipv4().default('127.0.0.1'),
  DOCKER_HOST: z.string().optional(),
  CKX_NODE_IMAGE: z.string().min(1),
  CKX_TERMINAL_IMAGE: z.string().min(1),
  /** /26 networks of environments are cut from this. */
  CKX_SUBNET_POOL: z.cidrv4().default('10.213.0.0/16'),
  /** Capacity in units; from the machine where not given. CPU is shared four times over: most of an exam is reading. */
  CKX_HOST_CPU_MILLIS: positive.default(availableParallelism() * 4_000),
  CKX_HOST_MEMORY_MIB: positive.default(Math.floor((totalmem() / 2 ** 20) * 0.85)),
  CKX_HOST_BOOT_SLOTS: positive.default(availableParallelism()),
  ...range('VNC_PORT_RANGE', 6901, 6999),
  ...range('SSH_TERMINAL_PORT_RANGE', 2201, 2299),
  ...range('SSH_JUMPHOST_PORT_RANGE', 2301, 2399),
  ...range('K8S_PORT_RANGE', 6443, 6542),
  /** Folder for `/tmp/exam-assets-<id>` and `/tmp/exam-env-<id>`. */
  CKX_WORK_DIR: z.string().default('/tmp'),
};

const api = {
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port.default(4000),
  /** Signs access tokens, HS256: at least 32 characters. */
  JWT_SECRET: z.string().min(32),
  APP_URL: z.url().default('http://127.0.0.1:4000'),
};

const worker = {
  /** Prometheus metrics and health of a worker; none where not given. */
  WORKER_METRICS_PORT: port.optional(),
};

export const ApiConfig = z.object({ ...installation, ...temporal, ...database, ...labs, ...sessions, ...api });
export type ApiConfig = Readonly<z.infer<typeof ApiConfig>>;

export const ControlWorkerConfig = z.object({ ...installation, ...temporal, ...database, ...labs, ...sessions, ...worker });
export type ControlWorkerConfig = Readonly<z.infer<typeof ControlWorkerConfig>>;

export const HostWorkerConfig = z
  .object({ ...installation, ...temporal, ...labs, ...host, ...worker })
  .transform((value) => ({ ...value, CKX_HOST_ID: value.CKX_HOST_ID ?? hostIdFromName(hostname()) }));
export type HostWorkerConfig = Readonly<z.infer<typeof HostWorkerConfig>>;

export const DatabaseConfig = z.object({ ...installation, ...database });
export type DatabaseConfig = Readonly<z.infer<typeof DatabaseConfig>>;

function hostIdFromName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 63) || 'host'
  );
}

/** Thrown when the environment does not fit; names every variable that is wrong and why, never its value. */
export class ConfigError extends Error {
  constructor(issues: readonly string[]) {
    super(`The environment is not usable:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Parses the environment once.
 *
 * @throws ConfigError that names every wrong variable.
 */
export function readConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): Readonly<z.output<S>> {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).map(([key, value]) => [key, blankToUndefined(value)])));
  if (!result.success) throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  return Object.freeze(result.data);
}
