/**
 * The one place that reads the environment. Each process parses the groups it needs once, at start; what it does not parse it does
 * not hold, so the host role never sees a database address. Values are frozen.
 */
import { availableParallelism, homedir, hostname, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { SealingPrivateKey, SealingPublicKey } from '@ckx/sealed-secrets';
import { AcceptedKeys, ServiceKeyId, ServiceKeySecret } from '@ckx/service-auth';
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

const warmPool = {
  /** Environments that each host keeps ready for sessions to come. None by default: each takes of its host what a session's would. */
  WARM_POOL_SIZE: z.coerce.number().int().min(0).max(10).default(0),
};

const internal = {
  /** Keys with which other services sign their requests to /internal: `id:scope:base64key`, comma-separated. */
  SERVICE_KEYS: AcceptedKeys.default([]),
};

/** What a service signs with that asks another one. */
const serviceCaller = {
  /** Origin under which this machine reaches /internal: the API itself, on a network of ours, never the address that is published. */
  CKX_INTERNAL_URL: z.url({ protocol: /^https?$/ }),
  SERVICE_KEY_ID: ServiceKeyId,
  SERVICE_KEY: ServiceKeySecret,
};

const host = {
  CKX_HOST_ID: z.string().optional(),
  /** Address on which this host's ports are published and reached: loopback, or its private address. */
  CKX_HOST_ADDRESS: z.ipv4().default('127.0.0.1'),
  /** Address of the candidate's own SSH client's way in, which an operator may publish. */
  CKX_JUMPHOST_ADDRESS: z.ipv4().default('127.0.0.1'),
  DOCKER_HOST: z.string().optional(),
  /** Folders with lab packs that need not be fetched; none by default: packs come by their digest. */
  CKX_LABS: labs.CKX_LABS.default([]),
  /** What only the gateway may read is sealed to it. */
  GATEWAY_PUBLIC_KEY: SealingPublicKey.optional(),
  CKX_NODE_IMAGE: z.string().min(1),
  CKX_TERMINAL_IMAGE: z.string().min(1),
  CKX_DESKTOP_IMAGE: z.string().min(1),
  /** For labs with a Docker engine of their own; a host without it serves none of these. */
  CKX_ENGINE_IMAGE: z.string().min(1).optional(),
  /** /26 networks of environments are cut from this. */
  CKX_SUBNET_POOL: z.cidrv4().default('10.213.0.0/16'),
  /** Capacity in units; from the machine where not given. CPU is shared four times over: most of an exam is reading. */
  CKX_HOST_CPU_MILLIS: positive.default(availableParallelism() * 4_000),
  CKX_HOST_MEMORY_MIB: positive.default(Math.floor((totalmem() / 2 ** 20) * 0.85)),
  CKX_HOST_BOOT_SLOTS: positive.default(availableParallelism()),
  VNC_PORT_RANGE_START: port.default(6901),
  VNC_PORT_RANGE_END: port.default(6999),
  SSH_TERMINAL_PORT_RANGE_START: port.default(2201),
  SSH_TERMINAL_PORT_RANGE_END: port.default(2299),
  SSH_JUMPHOST_PORT_RANGE_START: port.default(2301),
  SSH_JUMPHOST_PORT_RANGE_END: port.default(2399),
  K8S_PORT_RANGE_START: port.default(6443),
  K8S_PORT_RANGE_END: port.default(6542),
  /** Folder for `/tmp/exam-assets-<id>` and `/tmp/exam-env-<id>`. */
  CKX_WORK_DIR: z.string().default('/tmp'),
  NODE_ENV: z.string().default('development'),
  /** Serve in production although the engine maps no users or does not keep containers over its restart. */
  CKX_ALLOW_THIN_WALLS: z
    .enum(['0', '1'])
    .default('0')
    .transform((value) => value === '1'),
};

const api = {
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port.default(4000),
  /** Signs access tokens, HS256: at least 32 characters. */
  JWT_SECRET: z.string().min(32),
  APP_URL: z.url().default('http://127.0.0.1:4000'),
  /** Folder of the web application's build; where not given none is served. */
  CKX_WEB_DIR: z.string().optional(),
  /** Temporal's web console, as administrators reach it: their pages lead to workflows there. */
  TEMPORAL_CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where browsers reach the gateway. */
  GATEWAY_URL: z.url({ protocol: /^wss?$/ }).default('ws://127.0.0.1:4001'),
  /** Attempts on a credential path that one address, and one account, has per minute before it answers 429. */
  AUTH_ATTEMPTS_PER_MINUTE: positive.default(20),
  /** Mock sessions that an account may start in a day, UTC; 0 for as many as it likes. */
  MOCK_SESSIONS_PER_DAY: z.coerce.number().int().nonnegative().default(20),
  /** Where mail is handed in, `smtp://user:password@host:587` or `smtps://…`; where not given it stays in the outbox and no address is verified. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Whom mail is from: an address, or a name and an address in angle brackets. */
  MAIL_FROM: z
    .string()
    .regex(/^([^<>"\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/)
    .default('CKX <no-reply@localhost>'),
  /** Who answers candidates: requests for support go to this address; where not given there is no form. */
  SUPPORT_MAIL: z.email().max(254).optional(),
  /** Proxies whose `X-Forwarded-For` is believed, in Express' notation (`loopback`, addresses, networks); none where not given. */
  API_TRUST_PROXY: z.string().optional(),
};

const stripe = {
  /** Takes payments by Stripe; a restricted key will do (docs/operations/payments.md). */
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_[A-Za-z0-9_]+$/, 'is a secret or restricted key, sk_… or rk_…')
    .optional(),
  /** In place of Stripe's own address, for tests: never with a live key. */
  STRIPE_API_BASE: z.url({ protocol: /^https?$/ }).optional(),
};

const payments = {
  ...stripe,
  /** What Stripe signs its webhook's events with. */
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[\x21-\x7e]{8,}$/, 'is the signing secret of the endpoint, whsec_…')
    .optional(),
  /** A checkout of our own in place of Stripe, in which no money moves. Where not given: 1 without a key, but 0 in production. */
  CKX_SANDBOX_PAYMENTS: z.enum(['0', '1']).optional(),
  NODE_ENV: z.string().default('development'),
};

/** What only a test may be told never stands beside what moves money. */
function checkStripe({ STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base }: StripeSettings, context: z.RefinementCtx): void {
  if (base !== undefined && key !== undefined && /^[a-z]+_live_/.test(key))
    context.addIssue({ code: 'custom', path: ['STRIPE_API_BASE'], message: 'is for tests, and cannot be given with a live key' });
}
type StripeSettings = z.infer<z.ZodObject<typeof stripe>>;

function checkPayments(settings: z.infer<z.ZodObject<typeof payments>>, context: z.RefinementCtx): void {
  checkStripe(settings, context);
  if (settings.STRIPE_SECRET_KEY === undefined) return;
  if (settings.CKX_SANDBOX_PAYMENTS === '1')
    context.addIssue({ code: 'custom', path: ['CKX_SANDBOX_PAYMENTS'], message: 'cannot be 1 where STRIPE_SECRET_KEY is set' });
  if (settings.STRIPE_WEBHOOK_SECRET === undefined)
    context.addIssue({ code: 'custom', path: ['STRIPE_WEBHOOK_SECRET'], message: 'is needed where STRIPE_SECRET_KEY is set' });
}

const gateway = {
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: port.default(4001),
  /** Names this copy in the records of connections; the machine's name where not given. */
  GATEWAY_ID: z.string().min(1).max(63).optional(),
  /** Opens what hosts seal for it; its other half is their GATEWAY_PUBLIC_KEY. */
  GATEWAY_PRIVATE_KEY: SealingPrivateKey,
  /** Where the pages come from that may connect; others are refused. */
  APP_URL: api.APP_URL,
  /** Further origins of such pages, comma-separated. */
  GATEWAY_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.url())),
  /** How long after its loss a connection is gone on with. */
  CONNECTION_RESUME_WINDOW_MS: positive.default(60_000),
  /** 0: no terminal is recorded. */
  TERMINAL_RECORDING: z
    .enum(['0', '1'])
    .default('1')
    .transform((value) => value === '1'),
  /** Where recordings are until their connection ends; kept over a restart, one folder for each copy. */
  GATEWAY_SPOOL_DIR: z.string().default(join(tmpdir(), 'ckx-gateway-spool')),
};

const admin = {
  ADMIN_EMAIL: z.email().max(254),
  ADMIN_NAME: z.string().min(1).max(100).default('Administrator'),
  ADMIN_PASSWORD: z.string().min(8).max(128),
};

const worker = {
  /** Prometheus metrics and health of a worker; none where not given. */
  WORKER_METRICS_PORT: port.optional(),
};

/** For how many days records are kept (docs/operations/retention.md). */
const retention = {
  /** Ended sessions with their events, attempts and results. */
  RETENTION_SESSIONS_DAYS: positive.default(730),
  /** What happened in a session, step by step, once it has ended. */
  RETENTION_EVENTS_DAYS: positive.default(90),
  /** Blobs that no lab pack is made of, since their last use. */
  RETENTION_BLOBS_DAYS: positive.default(7),
  RETENTION_SWEEP_REPORTS_DAYS: positive.default(30),
  RETENTION_AUDIT_DAYS: positive.default(730),
  /** What terminals showed. */
  RETENTION_RECORDINGS_DAYS: positive.default(90),
  /** Mails, sent or not, since they were owed. */
  RETENTION_MAILS_DAYS: positive.default(90),
};
export const RetentionConfig = z.object(retention);
export type RetentionConfig = Readonly<z.infer<typeof RetentionConfig>>;

const telemetry = {
  /** Traces go to `<this>/v1/traces`, OTLP over HTTP; none are made where not given. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Share of requests that are traced, 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

const workflows = {
  /** Workflows bundled ahead, a file; where not given they are bundled at start and kept in the cache. */
  CKX_WORKFLOW_BUNDLE: z.string().optional(),
  XDG_CACHE_HOME: z.string().default(join(homedir(), '.cache')),
};

export const ApiConfig = z
  .object({ ...installation, ...temporal, ...database, ...labs, ...sessions, ...api, ...payments, ...internal, ...telemetry })
  .superRefine(checkPayments);
export type ApiConfig = Readonly<z.infer<typeof ApiConfig>>;

export const ControlWorkerConfig = z
  .object({
    ...installation,
    ...retention,
    ...temporal,
    ...database,
    ...labs,
    ...sessions,
    ...warmPool,
    ...worker,
    ...workflows,
    ...stripe,
    ...telemetry,
  })
  .superRefine(checkStripe);
export type ControlWorkerConfig = Readonly<z.infer<typeof ControlWorkerConfig>>;

const hostWorker = z.object({ ...installation, ...temporal, ...host, ...serviceCaller, ...worker, ...telemetry });
/** Every variable that the host role reads: whoever starts it on a machine with other secrets gives it these. */
export const HOST_VARIABLES: readonly string[] = Object.keys(hostWorker.shape);

export const HostWorkerConfig = hostWorker.transform((value) => ({
  ...value,
  CKX_HOST_ID: value.CKX_HOST_ID ?? hostIdFromName(hostname()),
}));
export type HostWorkerConfig = Readonly<z.infer<typeof HostWorkerConfig>>;

const gatewayProcess = z.object({ ...installation, ...database, ...internal, ...gateway });
/** Every variable that a gateway reads. */
export const GATEWAY_VARIABLES: readonly string[] = Object.keys(gatewayProcess.shape);

export const GatewayConfig = gatewayProcess.transform((value) => ({
  ...value,
  GATEWAY_ID: value.GATEWAY_ID ?? hostIdFromName(hostname()),
}));
export type GatewayConfig = Readonly<z.infer<typeof GatewayConfig>>;

/** For the command that makes the first administrator. */
export const AdminConfig = z.object({ ...installation, ...database, ...admin });
export type AdminConfig = Readonly<z.infer<typeof AdminConfig>>;

/** For commands that act through a session's workflow where it has one, and on its records where not. */
export const RecordsConfig = z.object({ ...installation, ...temporal, ...database });
export type RecordsConfig = Readonly<z.infer<typeof RecordsConfig>>;

/** For commands that ask workflows alone. */
export const TemporalConfig = z.object({ ...installation, ...temporal });

/** For an operator's command on a host: beside the records it may use the engine, which no process that serves sessions may. */
export const EnvironmentCommandConfig = z
  .object({
    ...installation,
    ...temporal,
    ...database,
    START_GRACE_MS: sessions.START_GRACE_MS,
    PROVISION_TIMEOUT_MS: sessions.PROVISION_TIMEOUT_MS,
    CKX_HOST_ID: host.CKX_HOST_ID,
    DOCKER_HOST: host.DOCKER_HOST,
    CKX_WORK_DIR: host.CKX_WORK_DIR,
  })
  .transform((value) => ({ ...value, CKX_HOST_ID: value.CKX_HOST_ID ?? hostIdFromName(hostname()) }));
export type EnvironmentCommandConfig = Readonly<z.infer<typeof EnvironmentCommandConfig>>;

/** For the process that starts everything on one machine. What is not given it embeds, generates or measures. */
export const StartConfig = z.object({
  CKX_INSTALLATION: installation.CKX_INSTALLATION.removeDefault().optional(),
  /** Folder of database, workflow store, secrets and logs. */
  CKX_DATA_DIR: z.string().optional(),
  CKX_LABS: z.string().optional(),
  /** 0: no engine, no images and no host worker here; all hosts are elsewhere. */
  CKX_LOCAL_HOST: z
    .enum(['0', '1'])
    .default('1')
    .transform((value) => value === '1'),
  DATABASE_URL: database.DATABASE_URL.optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: temporal.TEMPORAL_NAMESPACE,
  /** Any free one where not given. */
  POSTGRES_PORT: port.optional(),
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  API_HOST: api.API_HOST,
  API_PORT: api.API_PORT,
  /** A build of the web application in place of the one that is made when it is missing. */
  CKX_WEB_DIR: api.CKX_WEB_DIR,
  GATEWAY_HOST: gateway.GATEWAY_HOST,
  GATEWAY_PORT: gateway.GATEWAY_PORT,
  GATEWAY_URL: api.GATEWAY_URL.removeDefault().optional(),
  JWT_SECRET: api.JWT_SECRET.optional(),
  ADMIN_EMAIL: admin.ADMIN_EMAIL.default('admin@ckx.local'),
  ADMIN_PASSWORD: admin.ADMIN_PASSWORD.optional(),
  /** Keys of services that are started elsewhere, such as further hosts, beside those that are made here. */
  SERVICE_KEYS: z.string().optional(),
  /** Images that the engine has already; all or none. */
  CKX_NODE_IMAGE: host.CKX_NODE_IMAGE.optional(),
  CKX_TERMINAL_IMAGE: host.CKX_TERMINAL_IMAGE.optional(),
  CKX_DESKTOP_IMAGE: host.CKX_DESKTOP_IMAGE.optional(),
  CKX_ENGINE_IMAGE: host.CKX_ENGINE_IMAGE,
});
export type StartConfig = Readonly<z.infer<typeof StartConfig>>;

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
