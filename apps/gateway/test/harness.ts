/** A gateway in this process, over a database of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayConfig, readConfig } from '@ckx/config';
import { issueTicket, listConnections } from '@ckx/connections';
import {
  DESKTOP_SECRET_PURPOSE,
  TERMINAL_KEY_PURPOSE,
  type ConnectionKind,
  type DesktopSecret,
  type ExamSessionId,
  type SessionPorts,
  type UserId,
} from '@ckx/contracts';
import { createLogger } from '@ckx/logging';
import { EnvironmentEntity, ExamSessionEntity, openDatabase, type DataSource, type ExamSessionRow } from '@ckx/persistence';
import { makeSealingKeys, seal, SealingPublicKey } from '@ckx/sealed-secrets';
import { makeServiceSecret } from '@ckx/service-auth';
import { freePort } from '@ckx/toolchain';
import { insertEnvironment, insertHost, insertSession, insertUser } from '@ckx/test-support/records';
import type { Pace } from '../src/connections.ts';
import { startGateway, type Gateway } from '../src/gateway.ts';

export const ORIGIN = 'http://app.example';

/** A session whose terminal is there. */
export interface TestSession {
  readonly userId: UserId;
  readonly examSessionId: ExamSessionId;
}

export interface Harness extends AsyncDisposable {
  readonly database: DataSource;
  readonly port: number;
  /** For a gateway as a process of its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly controlKey: string;
  readonly gateway: Gateway | null;
  start(): Promise<void>;
  stop(): Promise<void>;
  session(
    at: {
      port?: number;
      vnc?: number;
      hostKey?: string;
      privateKey?: string;
      sealedFor?: string;
      desktop?: DesktopSecret | { sealed: string } | 'not open';
    },
    values?: Partial<ExamSessionRow>,
  ): Promise<TestSession>;
  ticket(session: TestSession, kind?: ConnectionKind, lifetimeMs?: number): Promise<string>;
  /** Address of a WebSocket. */
  url(session: TestSession, query?: Record<string, string | number>, kind?: ConnectionKind): string;
  connections(session: TestSession): ReturnType<typeof listConnections>;
}

/** @param env differs from the defaults. @param pace of signs of life. */
export async function openHarness(env: Record<string, string> = {}, pace?: Pace): Promise<Harness> {
  const keys = makeSealingKeys();
  const folder = await mkdtemp(join(tmpdir(), 'ckx-gateway-test-'));
  const url = env['DATABASE_URL'] ?? (await emptyDatabase());
  const database = await openDatabase(url, { poolSize: 5 });
  const port = await freePort();
  const controlKey = makeServiceSecret();
  const all = {
    DATABASE_URL: url,
    GATEWAY_PORT: String(port),
    GATEWAY_ID: `test-${port}`,
    GATEWAY_PRIVATE_KEY: keys.privateKey,
    GATEWAY_SPOOL_DIR: join(folder, 'spool'),
    APP_URL: ORIGIN,
    LOG_LEVEL: 'warn',
    SERVICE_KEYS: `control:control:${controlKey},host:host:${makeServiceSecret()}`,
    ...env,
  };
  const hostId = await insertHost(database.manager);
  let subnets = 0;
  let gateway: Gateway | null = null;
  let gatewayDatabase: DataSource | null = null;
  const stop = async () => {
    await gateway?.close();
    await gatewayDatabase?.destroy();
    gateway = gatewayDatabase = null;
  };
  return {
    database,
    port,
    env: all,
    controlKey,
    get gateway() {
      return gateway;
    },
    start: async () => {
      gatewayDatabase = await openDatabase(url, { applicationName: 'ckx-gateway-test' });
      const config = readConfig(GatewayConfig, all);
      const logger = createLogger('gateway', process.env['GATEWAY_TEST_LOG'] ?? 'silent');
      gateway = await startGateway({ config, dataSource: gatewayDatabase, logger, ...(pace && { pace }) });
    },
    stop,
    session: async ({ port: sshTerminal = 1, vnc = 1, hostKey, privateKey, sealedFor, desktop }, values = {}) => {
      const userId = values.userId ?? (await insertUser(database.manager));
      const running = { state: 'running', startedAt: new Date(), deadlineAt: new Date(Date.now() + 3_600_000) } as const;
      const examSessionId = await insertSession(database.manager, { userId, ...running, ...values });
      const subnet = `10.213.${Math.floor(subnets / 4)}.${(subnets % 4) * 64}/26`;
      subnets += 1;
      const id = await insertEnvironment(database.manager, { hostId, subnet, examSessionId, state: 'bound' });
      const ports: SessionPorts = { vnc, sshTerminal, sshJumphost: 1, k8sApi: 1 };
      const context = { examSessionId: sealedFor ?? examSessionId, purpose: TERMINAL_KEY_PURPOSE };
      const terminalKey = privateKey && seal(SealingPublicKey.parse(keys.publicKey), privateKey, context);
      const row = await database.manager.findOneByOrFail(EnvironmentEntity, { id });
      const seals = (secret: DesktopSecret) =>
        seal(SealingPublicKey.parse(keys.publicKey), JSON.stringify(secret), { ...context, purpose: DESKTOP_SECRET_PURPOSE });
      const desktopSecret = typeof desktop !== 'object' ? undefined : 'sealed' in desktop ? desktop.sealed : seals(desktop);
      const facts = {
        sshHostKey: hostKey ?? 'none',
        nodes: [],
        ...(terminalKey !== undefined && { terminalKey }),
        ...(desktopSecret !== undefined && { desktopSecret }),
      };
      await database.manager.update(EnvironmentEntity, id, {
        spec: { ...row.spec, needs: { ...row.spec.needs, desktop: desktop !== undefined }, ports },
        ...((hostKey !== undefined || desktop !== undefined) && { facts }),
      });
      return { userId, examSessionId };
    },
    ticket: async ({ userId, examSessionId }, kind = 'terminal', lifetimeMs) =>
      (await issueTicket(database, { userId, examSessionId, kind }, lifetimeMs)).ticket,
    url: ({ examSessionId }, query = {}, kind = 'terminal') => {
      const address = new URL(`ws://127.0.0.1:${port}/ws/${kind}`);
      for (const [name, value] of Object.entries({ session: examSessionId, ...query })) address.searchParams.set(name, String(value));
      return address.href;
    },
    connections: ({ examSessionId }) => listConnections(database, examSessionId),
    [Symbol.asyncDispose]: async () => {
      await stop();
      await database.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Only within a run of tests: elsewhere a database is given. */
async function emptyDatabase(): Promise<string> {
  const { testPostgres } = await import('@ckx/test-support/services');
  return (await testPostgres()).url;
}

/** The gateway as a process of its own, once it is ready. */
export async function spawnGateway(harness: Harness, env: Record<string, string> = {}): Promise<ChildProcess> {
  const main = resolve(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...harness.env, ...env }, stdio: 'inherit' });
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${harness.port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return child;
    if (child.exitCode !== null) throw new Error('the gateway ended');
    await sleep(50);
  }
}

/** Ends a session as its workflow would. */
export async function endSession(database: DataSource, { examSessionId }: TestSession): Promise<void> {
  await database.manager.update(ExamSessionEntity, examSessionId, { state: 'terminated', outcome: 'submitted', endedAt: new Date() });
}

export const noise = (bytes: number) => randomBytes(bytes);
