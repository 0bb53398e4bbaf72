/** All the parts of one installation on one machine: started side by side as far as they can be, stopped in order. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StartConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import { runMigrations } from '@ckx/persistence';
import {
  endProcess,
  endPrograms,
  ensureEngine,
  ensureImages,
  imageVariables,
  findEngine,
  freePort,
  markOf,
  requireFreePort,
  startPostgres,
  startTemporal,
  step,
  type Engine,
  type Images,
  type Log,
} from '@ckx/toolchain';
import { z } from 'zod';
import { ensureWeb } from '../web/build.ts';
import { createAdmin } from './admin.ts';
import { stopContainers } from './containers.ts';
import { gatewayEnvironment, hostEnvironment } from './environments.ts';
import { greeting } from './greeting.ts';
import { PROJECT_ROOT, nodeService } from './node-service.ts';
import { processesFile, stopLeftovers, writeProcesses } from './processes-file.ts';
import { readOrMakeSecrets, secretsFile, writePrivately, type Secrets } from './secrets.ts';
import { Supervisor } from './supervisor.ts';
import { watchTemporal } from './temporal-watch.ts';

const READY_TIMEOUT_MS = 120_000;
const ENGINE_LOOK_EVERY_MS = 5_000;
/** How long parts that were being started may take to notice that they are not wanted any more. */
const SETTLE_MS = 5_000;
/** Names of the keys of this machine's own services. */
const HOST_KEY_ID = 'local-host';
const GATEWAY_KEY_ID = 'local-gateway';
const CONTROL_KEY_ID = 'local-control';

/** What a host on this machine needs. */
interface LocalHost {
  readonly dockerHost: string;
  readonly images: Images;
}

interface Parts {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly consoleUrl: string | null;
  /** null where all hosts are elsewhere. */
  readonly localHost: LocalHost | null;
  /** Build of the web application. */
  readonly webDir: string;
}

const PartsThatAnswer = z.object({ parts: z.object({ postgres: z.object({ ok: z.boolean() }), temporal: z.object({ ok: z.boolean() }) }) });

export class Installation {
  readonly #config: StartConfig;
  readonly #dataDir: string;
  readonly #log: Log;
  readonly #supervisor: Supervisor;
  readonly #stopping = new AbortController();
  #engine: Engine | null = null;
  #installation: string | null = null;
  #runFile: object | null = null;
  /** Where Prometheus finds the metrics of each process. */
  #metricsUrls: Readonly<Record<string, string>> = {};
  #written: Promise<void> = Promise.resolve();
  /** Parts that are being started. */
  readonly #starting: Promise<unknown>[] = [];

  constructor(config: StartConfig, dataDir: string, log: Log) {
    this.#config = config;
    this.#dataDir = dataDir;
    this.#log = log;
    this.#supervisor = new Supervisor(log, () => this.#writeFiles());
  }

  /** @returns what to tell whoever started it */
  start(): Promise<string> {
    return Promise.race([this.#start(), this.#supervisor.hopeless]);
  }

  /** Stops everything in order; what cannot be stopped is said, and the rest stops all the same. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#supervisor.close();
    endPrograms();
    await Promise.race([Promise.allSettled(this.#starting), delay(SETTLE_MS)]);
    await this.#attempt('processes', () => this.#supervisor.stop('gateway', 'api', 'worker-control', 'worker-host'));
    const engine = this.#engine;
    const installation = this.#installation;
    if (engine !== null && installation !== null) {
      await this.#attempt('containers', () => stopContainers(engine.dockerHost, installation, this.#log));
    }
    await this.#attempt('services', () => this.#supervisor.stop('temporal', 'postgres'));
    if (engine !== null) await this.#attempt('Docker engine', () => engine.release());
    await rm(join(this.#dataDir, 'run.json'), { force: true });
    await rm(processesFile(this.#dataDir), { force: true });
  }

  async #start(): Promise<string> {
    const config = this.#config;
    await rm(join(this.#dataDir, 'run.json'), { force: true });
    await stopLeftovers(this.#dataDir, this.#log);
    await requireFreePort(config.API_PORT, 'the API', 'Set API_PORT to a free port.');
    await requireFreePort(config.GATEWAY_PORT, 'the gateway', 'Set GATEWAY_PORT to a free port.');
    const secrets = await readOrMakeSecrets(this.#dataDir, { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD });
    this.#installation = config.CKX_INSTALLATION ?? secrets.installation;
    const [databaseUrl, temporal, localHost, webDir] = await this.#all(this.#database(), this.#temporal(), this.#localHost(), this.#web());
    const parts = { databaseUrl, ...temporal, localHost, webDir };
    await this.#processes(parts, secrets);
    this.#supervisor.settled();
    this.#runFile = {
      apiUrl: this.#apiUrl(),
      databaseUrl,
      temporalAddress: temporal.temporalAddress,
      temporalNamespace: config.TEMPORAL_NAMESPACE,
      consoleUrl: temporal.consoleUrl,
      metricsUrls: this.#metricsUrls,
      ...(localHost && { dockerHost: localHost.dockerHost }),
      installation: this.#installation,
      admin: secrets.admin,
    };
    await this.#writeFiles();
    void this.#watchEngine();
    if (config.TEMPORAL_ADDRESS === undefined) void this.#watchTemporal(temporal.temporalAddress);
    if (!secrets.told) await writePrivately(secretsFile(this.#dataDir), { ...secrets, told: true });
    const admin = secrets.told ? null : secrets.admin;
    return greeting({ apiUrl: this.#apiUrl(), consoleUrl: temporal.consoleUrl, admin, dataDir: this.#dataDir });
  }

  async #database(): Promise<string> {
    let url = this.#config.DATABASE_URL;
    if (url === undefined) {
      const port = this.#config.POSTGRES_PORT ?? (await freePort());
      const dataDir = join(this.#dataDir, 'postgres');
      const portRemedy = 'Set POSTGRES_PORT to a free port.';
      await step(this.#log, 'Postgres', () =>
        this.#supervisor.keep({
          name: 'postgres',
          logFile: join(dataDir, 'postgres.log'),
          start: async () => {
            const server = await startPostgres({ dataDir, port, portRemedy, log: this.#log });
            url = server.url;
            return server;
          },
        }),
      );
    }
    if (url === undefined) throw new CkxError('bug', 'NO_DATABASE', 'Postgres was started and has no address.');
    await runMigrations(url, this.#log);
    return url;
  }

  async #temporal(): Promise<{ temporalAddress: string; consoleUrl: string | null }> {
    if (this.#config.TEMPORAL_ADDRESS !== undefined) return { temporalAddress: this.#config.TEMPORAL_ADDRESS, consoleUrl: null };
    const { TEMPORAL_PORT: port, TEMPORAL_UI_PORT: uiPort } = this.#config;
    const dataDir = join(this.#dataDir, 'temporal');
    const portRemedy = 'Set TEMPORAL_PORT and TEMPORAL_UI_PORT to free ports.';
    await step(this.#log, 'Temporal', () =>
      this.#supervisor.keep({
        name: 'temporal',
        logFile: join(dataDir, 'temporal.log'),
        start: () => startTemporal({ dataDir, port, uiPort, portRemedy, log: this.#log }),
      }),
    );
    return { temporalAddress: `127.0.0.1:${port}`, consoleUrl: `http://127.0.0.1:${uiPort}` };
  }

  async #localHost(): Promise<LocalHost | null> {
    if (!this.#config.CKX_LOCAL_HOST) return null;
    const engine = await ensureEngine({ log: this.#log });
    this.#engine = engine;
    const { CKX_NODE_IMAGE: node, CKX_TERMINAL_IMAGE: terminal, CKX_DESKTOP_IMAGE: desktop, CKX_ENGINE_IMAGE: inner } = this.#config;
    if (node !== undefined && terminal !== undefined && desktop !== undefined && inner !== undefined) {
      return { dockerHost: engine.dockerHost, images: { node, terminal, desktop, engine: inner } };
    }
    const images = await step(this.#log, 'images', () => ensureImages({ log: this.#log, dockerHost: engine.dockerHost }));
    return { dockerHost: engine.dockerHost, images };
  }

  #web(): Promise<string> {
    return this.#config.CKX_WEB_DIR === undefined ? ensureWeb(this.#log) : Promise.resolve(this.#config.CKX_WEB_DIR);
  }

  /** Our own processes, until all of them say that they are ready. */
  async #processes(parts: Parts, secrets: Secrets): Promise<void> {
    const shared = {
      ...process.env,
      CKX_INSTALLATION: this.#installation ?? secrets.installation,
      CKX_LABS: this.#config.CKX_LABS ?? join(PROJECT_ROOT, 'labs'),
      TEMPORAL_ADDRESS: parts.temporalAddress,
    };
    const { localHost } = parts;
    const host = hostEnvironment({
      ...shared,
      DOCKER_HOST: localHost?.dockerHost,
      ...(localHost && imageVariables(localHost.images)),
      CKX_INTERNAL_URL: this.#apiUrl(),
      SERVICE_KEY_ID: HOST_KEY_ID,
      SERVICE_KEY: secrets.serviceKeys.host,
      GATEWAY_PUBLIC_KEY: secrets.gateway.publicKey,
    });
    const control = { ...shared, DATABASE_URL: parts.databaseUrl };
    const { host: hostKey, gateway: gatewayKey } = secrets.serviceKeys;
    const serviceKeys = [`${HOST_KEY_ID}:host:${hostKey}`, `${GATEWAY_KEY_ID}:gateway:${gatewayKey}`, this.#config.SERVICE_KEYS];
    const api = {
      ...control,
      JWT_SECRET: this.#config.JWT_SECRET ?? secrets.jwtSecret,
      APP_URL: process.env['APP_URL'] ?? this.#apiUrl(),
      CKX_WEB_DIR: parts.webDir,
      TEMPORAL_CONSOLE_URL: process.env['TEMPORAL_CONSOLE_URL'] ?? parts.consoleUrl ?? undefined,
      SERVICE_KEYS: serviceKeys.filter(Boolean).join(','),
      GATEWAY_URL: this.#gatewayUrl('ws'),
    };
    const gateway = gatewayEnvironment({
      ...control,
      APP_URL: api.APP_URL,
      // A person may well write the one for the other.
      GATEWAY_ORIGINS: process.env['GATEWAY_ORIGINS'] ?? `http://localhost:${this.#config.API_PORT}`,
      GATEWAY_PRIVATE_KEY: secrets.gateway.privateKey,
      GATEWAY_SPOOL_DIR: join(this.#dataDir, 'gateway-spool'),
      SERVICE_KEYS: `${CONTROL_KEY_ID}:control:${secrets.serviceKeys.control}`,
    });
    const [controlPort, hostPort] = [await freePort(), await freePort()];
    this.#metricsUrls = {
      api: `${this.#apiUrl()}/metrics`,
      gateway: `${this.#gatewayUrl('http')}/metrics`,
      'worker-control': `http://127.0.0.1:${controlPort}/metrics`,
      ...(localHost && { 'worker-host': `http://127.0.0.1:${hostPort}/metrics` }),
    };
    const logFolder = join(this.#dataDir, 'logs');
    const worker = (role: string, env: NodeJS.ProcessEnv, port: number) =>
      nodeService({
        name: `worker-${role}`,
        args: ['apps/worker/src/main.ts', role],
        env: { ...env, WORKER_METRICS_PORT: String(port) },
        logFolder,
      });
    await step(this.#log, 'API, gateway and workers', async () => {
      await this.#supervisor.keep(worker('control', control, controlPort));
      if (localHost !== null) await this.#supervisor.keep(worker('host', host, hostPort));
      await this.#supervisor.keep(
        nodeService({ name: 'api', args: ['--import', './apps/api/decorators.mjs', 'apps/api/src/main.ts'], env: api, logFolder }),
      );
      await this.#supervisor.keep(nodeService({ name: 'gateway', args: ['apps/gateway/src/main.ts'], env: gateway, logFolder }));
      await this.#all(
        createAdmin(parts.databaseUrl, secrets.admin),
        this.#answers('api', `${this.#apiUrl()}/health/ready`, localHost === null ? isReadyForHosts : isOk),
        this.#answers('gateway', `${this.#gatewayUrl('http')}/health/ready`),
        this.#answers('worker-control', `http://127.0.0.1:${controlPort}/readyz`),
        localHost === null ? Promise.resolve() : this.#answers('worker-host', `http://127.0.0.1:${hostPort}/readyz`),
      );
    });
  }

  /** Side by side; what one that fails leaves under way is known to {@link stop}. */
  #all<T extends readonly Promise<unknown>[]>(...work: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
    this.#starting.push(...work);
    return Promise.all(work);
  }

  async #answers(name: string, url: string, isReady: (response: Response) => boolean | Promise<boolean> = isOk): Promise<void> {
    const until = Date.now() + READY_TIMEOUT_MS;
    while (!this.#stopping.signal.aborted) {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
      if (response !== null && (await isReady(response))) return;
      if (Date.now() > until) {
        throw new CkxError('operational', 'NOT_READY', `${name} was not ready after ${READY_TIMEOUT_MS / 1000} s.`, {
          remedy: `Read ${join(this.#dataDir, 'logs', `${name}.log`)}.`,
        });
      }
      await delay(100);
    }
  }

  /** An engine of ours that died is started again; its containers never noticed. The machine's own engine is the machine's affair. */
  async #watchEngine(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await delay(ENGINE_LOOK_EVERY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted || this.#engine?.origin !== 'ours') continue;
      if ((await findEngine().catch(() => null)) !== null) continue;
      this.#log('the Docker engine does not answer; starting it again');
      await this.#attempt('Docker engine', async () => {
        const before = this.#engine;
        this.#engine = await ensureEngine({ log: this.#log });
        await before?.release();
      });
    }
  }

  /** The embedded one alone: a service of somebody else's is theirs to look after. */
  async #watchTemporal(address: string): Promise<void> {
    const restart = async () => {
      this.#log('Temporal runs and does not answer; starting it again');
      const mark = this.#supervisor.marks()['temporal'];
      if (mark !== undefined) await endProcess(mark, 0, 'SIGKILL');
    };
    const { signal } = this.#stopping;
    await watchTemporal({
      address,
      namespace: this.#config.TEMPORAL_NAMESPACE,
      signal,
      onSilent: () => this.#attempt('Temporal', restart),
    });
  }

  #apiUrl(): string {
    const { API_HOST, API_PORT } = this.#config;
    return `http://${API_HOST === '0.0.0.0' ? '127.0.0.1' : API_HOST}:${API_PORT}`;
  }

  /** As this machine reaches it; browsers elsewhere need GATEWAY_URL. */
  #gatewayUrl(scheme: 'ws' | 'http'): string {
    const { GATEWAY_HOST, GATEWAY_PORT, GATEWAY_URL } = this.#config;
    if (scheme === 'ws' && GATEWAY_URL !== undefined) return GATEWAY_URL;
    return `${scheme}://${GATEWAY_HOST === '0.0.0.0' ? '127.0.0.1' : GATEWAY_HOST}:${GATEWAY_PORT}`;
  }

  /** One after the other: services change side by side. */
  #writeFiles(): Promise<void> {
    this.#written = this.#written.catch(() => undefined).then(() => this.#write());
    return this.#written;
  }

  async #write(): Promise<void> {
    const marks = this.#supervisor.marks();
    await writeProcesses(this.#dataDir, marks);
    if (this.#runFile === null) return;
    const pids = Object.fromEntries(Object.entries({ ...marks, supervisor: markOf(process.pid) }).map(([name, { pid }]) => [name, pid]));
    await writePrivately(join(this.#dataDir, 'run.json'), { ...this.#runFile, pids });
  }

  async #attempt(part: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      this.#log(`${part}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

function isOk(response: Response): boolean {
  return response.ok;
}

/** The API is not ready without a host; a control plane alone is, once everything else is there. */
async function isReadyForHosts(response: Response): Promise<boolean> {
  const { data } = PartsThatAnswer.safeParse(await response.json().catch(() => null));
  return data !== undefined && data.parts.postgres.ok && data.parts.temporal.ok;
}
