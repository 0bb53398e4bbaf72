/** A Docker engine of the session's own, used as its candidate would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentNeeds, type EnvironmentFacts, type EnvironmentSpec, type LastLook } from '@ckx/contracts';
import { sshConnect, sshRun, testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressesIn, containerName } from './naming.ts';

const key = ssh2.utils.generateKeyPairSync('ed25519');
const patiently = { signal: new AbortController().signal };
const times: Record<string, number> = {};

let engine: TestEngine;
let spec: EnvironmentSpec;
let facts: EnvironmentFacts;

const container = (part: 'engine' | 'terminal') => engine.docker.getContainer(containerName(spec.examSessionId, part));

async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  times[step] = Math.round(performance.now() - startedAt);
  return result;
}

beforeAll(async () => {
  engine = await testEngine();
  spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster: 'none', dockerEngine: true }) };
  await timed('containers', () => engine.provider.create(spec, patiently));
  await timed('until a container ran', () => engine.provider.awaitMilestone(spec, 'workloads', patiently));
  facts = await timed('terminal', () => engine.provider.openTerminal(spec, patiently));
  await engine.provider.authorizeKey(spec, key.public);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  console.log('milliseconds', times);
});

async function inShell(command: string) {
  const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
  try {
    return await sshRun(client, command);
  } finally {
    client.end();
  }
}

/** What a command that works prints. */
async function printed(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await inShell(command);
  expect(exitCode, `${command}\n${stdout}${stderr}`).toBe(0);
  return stdout.trim();
}

describe('the engine', () => {
  it('is a container within limits, without privileges, and with nothing of the host', async () => {
    const { HostConfig, Mounts } = await container('engine').inspect();
    expect(HostConfig).toMatchObject({ Privileged: false, Memory: 2 ** 30, CpuQuota: 100_000, PidsLimit: 4_096 });
    const added = z.array(z.string()).parse(HostConfig.CapAdd);
    expect(added.map((name) => name.replace('CAP_', '')).sort()).toEqual(['NET_ADMIN', 'SYS_ADMIN', 'SYS_PTRACE']);
    expect(Mounts.filter(({ Type }) => Type === 'bind')).toEqual([]);
    const terminal = await container('terminal').inspect();
    expect(terminal.Mounts.filter(({ Type }) => Type === 'bind')).toEqual([]);
  });

  it('answers the client in the terminal, and has images from birth', async () => {
    expect(await printed("docker version --format '{{.Server.Os}}'")).toBe('linux');
    const names = (await printed("docker images --format '{{.Repository}}:{{.Tag}}'")).split('\n');
    expect(names).toEqual(
      expect.arrayContaining(['busybox:1.36', 'debian:bookworm-slim', 'nginx:1.27', 'registry:2', 'curlimages/curl:8.10.1']),
    );
  });

  it('builds in stages, with either builder, and runs what it built on a port that the terminal reaches', async () => {
    const dockerfile = [
      'FROM debian:bookworm-slim AS build',
      'RUN mkdir /site && echo "made in a stage" > /site/index.html',
      'FROM nginx:1.27',
      'COPY --from=build /site /usr/share/nginx/html',
    ].join('\n');
    await printed(`mkdir -p ~/site && cd ~/site && cat > Dockerfile <<'END'\n${dockerfile}\nEND`);
    await timed('docker build', () => printed('docker build -q -t site:1 ~/site'));
    await timed('docker build with BuildKit', () => printed('DOCKER_BUILDKIT=1 docker build -q -t site:2 ~/site'));
    await timed('docker run', () => printed('docker run -d --name site -p 8080:80 site:1'));
    expect(await printed('curl -s --retry 10 --retry-connrefused --retry-delay 1 http://docker:8080')).toBe('made in a stage');
    expect(await printed('docker exec site cat /usr/share/nginx/html/index.html')).toBe('made in a stage');
    expect(await printed('docker run --rm --memory 32m --cap-drop ALL --read-only --user 1000 busybox:1.36 id -u')).toBe('1000');
  });

  it("keeps data in volumes, and finds the candidate's own folders where the shell has them", async () => {
    await printed('docker volume create notes && docker run --rm -v notes:/notes busybox:1.36 sh -c "echo kept > /notes/one"');
    expect(await printed('docker run --rm -v notes:/notes:ro busybox:1.36 cat /notes/one')).toBe('kept');
    await printed('mkdir -p ~/pages && echo mine > ~/pages/index.html');
    expect(await printed('docker run --rm -v ~/pages:/pages:ro busybox:1.36 cat /pages/index.html')).toBe('mine');
  });

  it('has networks whose containers find each other by name', async () => {
    await printed('docker network create back && docker run -d --name web --network back nginx:1.27');
    expect(await printed('docker run --rm --network back curlimages/curl:8.10.1 -s --retry 5 --retry-connrefused http://web')).toContain(
      'Welcome',
    );
    expect(await inShell('docker run --rm curlimages/curl:8.10.1 -s -m 5 http://web')).toMatchObject({ exitCode: 6 });
  });

  it('pushes to a registry of its own, and pulls from it', async () => {
    await printed('docker run -d --name registry -p 5000:5000 registry:2');
    await printed('docker tag site:1 localhost:5000/site:1 && sleep 1 && docker push -q localhost:5000/site:1');
    expect(await printed('curl -s http://docker:5000/v2/site/tags/list')).toContain('"tags":["1"]');
    await printed('docker rmi localhost:5000/site:1 && docker pull -q localhost:5000/site:1');
  });

  it('runs a project of docker compose', async () => {
    const project = 'services:\n  web:\n    build: .\n    ports: ["8081:80"]\n  other:\n    image: busybox:1.36\n    command: sleep 1000\n';
    await printed(`cd ~/site && cat > compose.yaml <<'END'\n${project}END`);
    await timed('docker compose up', () => printed('cd ~/site && docker compose up -d --build'));
    expect(await printed('curl -s --retry 10 --retry-connrefused --retry-delay 1 http://docker:8081')).toBe('made in a stage');
    expect(await printed('cd ~/site && docker compose exec -T other wget -qO- http://web')).toBe('made in a stage');
    await printed('cd ~/site && docker compose down -t 1');
  });

  it('is a machine on which the candidate is root, and where the daemon is a service', async () => {
    expect(await printed('ssh docker "id -un; hostname; systemctl is-active docker"')).toBe('root\ndocker\nactive');
    expect(await printed('ssh docker "systemctl restart docker && docker ps -q --filter name=site | wc -l"')).toBe('1');
  });

  it('goes on when its daemon is killed, and so do its containers', async () => {
    const startedAt = await printed("docker inspect -f '{{.State.StartedAt}}' site");
    await printed('ssh docker "kill -9 \\$(pidof dockerd)"');
    await timed('daemon killed until it answers', () =>
      expect.poll(async () => (await inShell('docker ps')).exitCode, { timeout: 20_000 }).toBe(0),
    );
    expect(await printed("docker inspect -f '{{.State.StartedAt}} {{.State.Running}}' site")).toBe(`${startedAt} true`);
    expect(await printed('curl -s http://docker:8080')).toBe('made in a stage');
  });

  it('reaches nothing beyond its session, nor does anybody from there', async () => {
    const other = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster: 'none' }) };
    await engine.provider.create(other, patiently);
    const { sshHostKey } = await engine.provider.openTerminal(other, patiently);
    await engine.provider.authorizeKey(other, key.public);
    const client = await sshConnect(other.ports.sshTerminal, key.private, sshHostKey);
    const [own, others] = [addressesIn(spec.subnet), addressesIn(other.subnet)];
    const closed = { exitCode: 1 };
    // The way is there for those of the session…
    expect(await inShell(`nc -z -w 3 ${own.engine} 8080`)).toMatchObject({ exitCode: 0 });
    // …and for nobody else, in either direction.
    expect(await sshRun(client, `nc -z -w 3 ${own.engine} 8080`)).toMatchObject(closed);
    expect(await sshRun(client, `nc -z -w 3 ${own.engine} 22`)).toMatchObject(closed);
    expect(await sshRun(client, 'docker ps')).toMatchObject(closed);
    const from = (address: string, port: number) =>
      inShell(`docker run --rm --network host busybox:1.36 nc -w 3 ${address} ${port} </dev/null`);
    expect(await from(own.terminal, 22)).toMatchObject({ exitCode: 0 });
    expect((await from(others.terminal, 22)).exitCode).not.toBe(0);
    expect((await from(own.gateway, 22)).exitCode).not.toBe(0);
    expect((await from('169.254.169.254', 80)).exitCode).not.toBe(0);
    client.end();
    await engine.provider.destroy(other.executionEnvironmentId);
  });

  it('holds its limit of memory against what runs in it', async () => {
    expect(await inShell('docker run --rm busybox:1.36 sh -c "head -c 3000000000 /dev/zero | tail > /dev/null"')).not.toMatchObject({
      exitCode: 0,
    });
    expect(await printed('docker run --rm busybox:1.36 echo on')).toBe('on');
    expect((await container('engine').inspect()).State.Running).toBe(true);
  });
});

describe('a toolbox', () => {
  it('uses the engine as root, and nothing of what the candidate set up for the client', async () => {
    const plugin = [
      '#!/bin/sh',
      `[ "$1" = docker-cli-plugin-metadata ] && echo '{"SchemaVersion":"0.1.0","Vendor":"me","Version":"1"}' || echo fooled`,
    ].join('\n');
    await printed(
      `mkdir -p ~/.docker/cli-plugins && cd ~/.docker/cli-plugins && cat > docker-compose <<'END'\n${plugin}\nEND\nchmod +x docker-compose`,
    );
    expect(await printed('docker compose version')).toBe('fooled');
    await engine.provider.openToolbox(spec, 'grader', import.meta.dirname);
    const run = (script: string) =>
      engine.provider.exec(
        spec,
        'grader',
        { command: ['bash', '-c', script], timeoutMs: 20_000, outputLimitBytes: 10_000 },
        patiently.signal,
      );
    expect(await run('docker inspect -f "{{.State.Running}}" site && docker compose version && curl -s http://docker:8080')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^true\nDocker Compose version v2[^]*made in a stage\n$/) as string,
    });
    await engine.provider.closeToolbox(spec, 'grader');
  });
});

describe('the life of its container', () => {
  it('is watched: killed, it is started again with its images, volumes and containers', async () => {
    const { promise: whole, resolve } = Promise.withResolvers<LastLook>();
    const watching = engine.provider.watch(spec, { ...patiently, seen: { atMs: Date.now(), startedAt: {} }, onLook: resolve });
    expect(Object.keys((await whole).startedAt).sort()).toEqual(['engine', 'terminal']);
    await container('engine').kill();
    expect(await watching).toMatchObject({ finding: { kind: 'down', part: 'engine' } });
    expect(await timed('killed until a container ran', () => engine.provider.restart(spec, 'engine', patiently))).toEqual({ ready: true });
    expect(await printed('docker run --rm -v notes:/notes busybox:1.36 cat /notes/one')).toBe('kept');
    expect(await printed('docker start site && curl -s --retry 10 --retry-connrefused --retry-delay 1 http://docker:8080')).toContain(
      'made in a stage',
    );
  });

  it('is closed to its candidate, and leaves nothing', async () => {
    await inShell('ssh -f docker "setsid sleep 1004 >/dev/null 2>&1 </dev/null &"');
    await sleep(300);
    await engine.provider.close(spec);
    const top: unknown = await container('engine').top();
    expect(JSON.stringify(top)).not.toContain('sleep 1004');
    await expect(sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey)).rejects.toThrow(/authentication/i);
    await timed('destroy', () => engine.provider.destroy(spec.executionEnvironmentId));
    expect(await engine.remains()).toEqual([]);
  });
});
