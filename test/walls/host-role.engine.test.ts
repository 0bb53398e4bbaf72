/** The host role as `npm start` starts it, through a whole session: what it was told, and whom it talks to. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST_VARIABLES } from '@ckx/config';
import { makeSealingKeys } from '@ckx/sealed-secrets';
import { makeServiceSecret } from '@ckx/service-auth';
import { ApiClient } from '@ckx/test-support/client';
import { testPostgres, testTemporal } from '@ckx/test-support/services';
import { freePort } from '@ckx/toolchain';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEnvironment } from '../../scripts/start/environments.ts';
import { watchGroup, type GroupNetwork } from './network-of-a-group.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const INSTALLATION = `test-host-role-${randomInt(10_000)}`;
/** A group that no account has. */
const GID = 60_000 + randomInt(4_000);
const LAB = 'talks-much';

/** The host has no folder with it; and one of its checks says more than fits into a result. */
const PACK: Readonly<Record<string, string>> = {
  'lab.yaml': `id: ${LAB}\ntitle: T\ncategory: CKAD\ntype: mock\ndescription: T\ndifficulty: easy\ndurationMinutes: 5\npassPercent: 50\nquestions: [one]\n`,
  'questions/one/question.md': 'Nothing to do.\n',
  'questions/one/question.yaml': 'title: One\ndomain: T\nchecks:\n  - { id: floods, description: It floods, weight: 1 }\n',
  'questions/one/setup.sh': 'kubectl create namespace one\n',
  'questions/one/checks/floods.sh': 'echo the beginning; head -c 1000000 /dev/zero | tr "\\0" x; echo; echo the end\n',
};

let folder: string;
let proxy: Server;
let network: GroupNetwork;
let postgresPort: number;
let host: ChildProcess;
let candidate: ApiClient;
const processes: ChildProcess[] = [];
const said = new Map<ChildProcess, string>();
/** What the host asked the API for. */
const asked: string[] = [];

const service = makeServiceSecret();
const gatewayKeys = makeSealingKeys();
/** What must not be known to a host: all of it is in the environment of whoever starts one. */
const secrets = {
  DATABASE_URL: '',
  JWT_SECRET: `jwt-${randomUUID()}-${randomUUID()}`,
  ADMIN_EMAIL: `${randomUUID()}@example.org`,
  ADMIN_PASSWORD: `password-${randomUUID()}`,
  STRIPE_SECRET_KEY: `sk_live_${randomUUID().replaceAll('-', '')}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${randomUUID()}`,
  GATEWAY_PRIVATE_KEY: gatewayKeys.privateKey,
  SERVICE_KEYS: `the-host:host:${service},other:gateway:${makeServiceSecret()}`,
  A_SECRET_OF_TOMORROW: `tomorrow-${randomUUID()}`,
};

function start(args: readonly string[], env: NodeJS.ProcessEnv, gid?: number): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], ...(gid === undefined ? {} : { gid }) });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => said.set(child, ((said.get(child) ?? '') + data.toString()).slice(-20_000)));
  }
  processes.push(child);
  return child;
}

/** Waits until a process says so. */
async function says(child: ChildProcess, text: string): Promise<void> {
  for (const until = Date.now() + 90_000; ; await sleep(100)) {
    const output = said.get(child) ?? '';
    if (output.includes(text)) return;
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${child.spawnargs.join(' ')} does not say “${text}”:\n${output}`);
  }
}

/** Passes on what the host asks of the API, and notes it. */
async function startProxy(apiPort: number): Promise<Server> {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const onward = httpRequest({ port: apiPort, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-host-role-'));
  for (const [path, content] of Object.entries(PACK)) {
    await mkdir(join(folder, LAB, dirname(path)), { recursive: true });
    await writeFile(join(folder, LAB, path), content);
  }
  const [{ url }, temporal, apiPort] = await Promise.all([testPostgres(), testTemporal(), freePort()]);
  secrets.DATABASE_URL = url;
  postgresPort = Number(new URL(url).port);
  proxy = await startProxy(apiPort);
  const block = 30_000 + randomInt(500) * 20;
  const everything: NodeJS.ProcessEnv = {
    ...process.env,
    ...secrets,
    CKX_INSTALLATION: INSTALLATION,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    API_PORT: String(apiPort),
    CKX_HOST_ID: `host-${INSTALLATION}`,
    CKX_SUBNET_POOL: `10.${200 + randomInt(10)}.0.0/16`,
    CKX_INTERNAL_URL: `http://127.0.0.1:${portOf(proxy)}`,
    SERVICE_KEY_ID: 'the-host',
    SERVICE_KEY: service,
    GATEWAY_PUBLIC_KEY: gatewayKeys.publicKey,
    ...range('VNC_PORT_RANGE', block),
    ...range('SSH_TERMINAL_PORT_RANGE', block + 5),
    ...range('SSH_JUMPHOST_PORT_RANGE', block + 10),
    ...range('K8S_PORT_RANGE', block + 15),
  };
  network = await watchGroup(GID, {
    temporal: Number(temporal.address.split(':')[1]),
    internal: portOf(proxy),
    'own sessions': [block, block + 19],
  });
  const forControl = { ...everything, CKX_LABS: folder };
  const api = start(['--import', './apps/api/decorators.mjs', 'apps/api/src/main.ts'], forControl);
  const control = start(['apps/worker/src/main.ts', 'control'], forControl);
  host = start(['apps/worker/src/main.ts', 'host'], hostEnvironment(everything), GID);
  await Promise.all([says(api, 'listening'), says(control, 'worker ready'), says(host, 'worker ready')]);
  candidate = await ApiClient.register(`http://127.0.0.1:${apiPort}`);
});

afterAll(async () => {
  for (const child of processes)
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  proxy.close();
  await network[Symbol.asyncDispose]();
  const docker = new Docker();
  const filters = { label: [`ckx.installation=${INSTALLATION}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) await docker.getContainer(Id).remove({ force: true, v: true });
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
  for (const { Name } of (await docker.listVolumes({ filters })).Volumes) await docker.getVolume(Name).remove();
  await rm(folder, { recursive: true, force: true });
});

function range(name: string, first: number): Record<string, string> {
  return { [`${name}_START`]: String(first), [`${name}_END`]: String(first + 4) };
}

describe('the host role', () => {
  it('was told no secret but its own key', async () => {
    const environment = await readFile(`/proc/${host.pid}/environ`, 'utf8');
    const names = environment
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.split('=')[0] ?? '');
    expect(names).toContain('SERVICE_KEY');
    for (const [name, value] of Object.entries(secrets)) {
      expect(names, name).not.toContain(name);
      expect(environment.includes(value), name).toBe(false);
    }
    const plain = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];
    expect(names.filter((name) => !HOST_VARIABLES.includes(name) && !plain.includes(name))).toEqual([]);
  });

  it('runs a session to its grade, and talks to Temporal, /internal and its own sessions alone', async () => {
    const id = await candidate.startSession(LAB);
    await candidate.waitForState(id, 'ready');
    await candidate.send('POST', `/sessions/${id}/start`);
    await candidate.waitForState(id, 'running');
    await candidate.send('POST', `/sessions/${id}/submit`);
    await candidate.waitFor(id, ({ attempt, environment }) => attempt === 'graded' && environment === 'destroyed', 150_000);

    const { temporal, internal, refused, ...others } = await network.packets();
    expect(refused, `to ${JSON.stringify(others)} and elsewhere`).toBe(0);
    expect(temporal).toBeGreaterThan(0);
    expect(internal).toBeGreaterThan(0);
    expect(asked.map((line) => line.replace(/sha256:[0-9a-f]{64}$/, '…'))).toEqual(
      expect.arrayContaining(['GET /internal/packs/…', 'PUT /internal/blobs/…']),
    );
    expect(asked.filter((line) => !/^\w+ \/internal\/(packs|blobs)\//.test(line))).toEqual([]);

    const check = (await candidate.result(id)).questions[0]?.checks[0];
    expect(check).toMatchObject({
      verdict: 'passed',
      evidence: expect.stringMatching(/^the beginning\nx+\n… \d+ bytes left out …\nx+\nthe end$/) as string,
    });
    expect(check?.evidence.length).toBeGreaterThan(130_000);
  });

  it('would have been found out: one packet of its group to the database is refused, and counted', async () => {
    const connect = `require('node:net').connect(${postgresPort}, '127.0.0.1').on('error', () => process.exit(7)).on('connect', () => process.exit(0))`;
    const [code] = (await once(spawn(process.execPath, ['-e', connect], { gid: GID }), 'exit')) as unknown[];
    expect(code).toBe(7);
    expect((await network.packets())['refused']).toBeGreaterThan(0);
  });
});
