/** A whole control plane by `npm start`, whose only host is a simulated one: a process of its own, started again whenever it dies. */
import { mkdtemp, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeServiceSecret } from '@ckx/service-auth';
import { KeptProcess } from '@ckx/test-support/kept-process';
import { startInstallation, type Installation } from '@ckx/test-support/installation';
import { unitsOf } from '@ckx/contracts';
import { untilAllAnswer } from './ready.ts';
import { SimulatedEngine } from './simulated-engine.ts';

const HOST_FILE = resolve(import.meta.dirname, 'simulated-host.ts');
const LABS = resolve(import.meta.dirname, 'labs');
const HOST_ID = 'simulated';

export interface ControlPlaneOptions {
  /** Sessions that have room at once, of the usual size. */
  readonly places: number;
  readonly bootSlots: number;
  readonly seed: string;
  readonly jwtSecret: string;
  /** Further variables of the installation. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ControlPlane {
  readonly installation: Installation;
  readonly engine: SimulatedEngine;
  readonly hostPid: () => number;
  /** Names of what is left in the simulated engine and in the host's folder for sessions. */
  leftovers(): Promise<string[]>;
  stop(): Promise<void>;
}

/** @throws Error where the host does not register in time. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'ckx-load-'));
  const [engineFolder, workDir] = [join(folder, 'engine'), join(folder, 'work')];
  await mkdir(engineFolder);
  await mkdir(workDir);
  const secret = makeServiceSecret();
  const installation = await startInstallation({
    CKX_LOCAL_HOST: '0',
    CKX_LABS: LABS,
    JWT_SECRET: options.jwtSecret,
    SERVICE_KEYS: `${HOST_ID}:host:${secret}`,
    MAX_CONCURRENT_SESSIONS: String(options.places),
    QUEUE_LIMIT: '100000',
    MOCK_SESSIONS_PER_DAY: '0',
    ...options.env,
  });
  const { apiUrl, temporalAddress, installation: label } = await installation.run();
  const usual = unitsOf({ cluster: 'dedicated', nodes: 1, dockerEngine: false, desktop: false, egress: 'none', addons: [] });
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LOG_LEVEL: 'warn',
    CKX_INSTALLATION: label,
    TEMPORAL_ADDRESS: temporalAddress,
    CKX_HOST_ID: HOST_ID,
    CKX_INTERNAL_URL: apiUrl,
    SERVICE_KEY_ID: HOST_ID,
    SERVICE_KEY: secret,
    CKX_NODE_IMAGE: 'none',
    CKX_TERMINAL_IMAGE: 'none',
    CKX_DESKTOP_IMAGE: 'none',
    CKX_WORK_DIR: workDir,
    CKX_HOST_CPU_MILLIS: String(options.places * usual.cpuMillis),
    CKX_HOST_MEMORY_MIB: String(options.places * usual.memoryMib),
    CKX_HOST_BOOT_SLOTS: String(options.bootSlots),
    // Nobody listens on them: they are numbers in the records.
    ...Object.fromEntries(
      ['VNC', 'SSH_TERMINAL', 'SSH_JUMPHOST', 'K8S'].flatMap((kind, index) => [
        [`${kind}_PORT_RANGE_START`, String(20_000 + index * 5_000)],
        [`${kind}_PORT_RANGE_END`, String(24_999 + index * 5_000)],
      ]),
    ),
    CKX_SUBNET_POOL: '10.128.0.0/12',
  };
  const logFile = join(installation.dataDir, 'logs', 'simulated-host.log');
  const host = new KeptProcess([HOST_FILE, '--engine', engineFolder, '--seed', options.seed], env, logFile);
  await host.start();
  const stop = async () => {
    await host.stop();
    await installation.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilAllAnswer(installation);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    installation,
    engine: new SimulatedEngine(engineFolder),
    hostPid: () => host.pid,
    leftovers: async () => [...(await readdir(engineFolder)), ...(await readdir(workDir))],
    stop,
  };
}
