import type Docker from 'dockerode';
import { sshConnect, sshRun } from '@ckx/test-support/engine';
import { freePort } from '@ckx/toolchain';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside, openBench, until, type Bench } from './support.ts';

const key = ssh2.utils.generateKeyPairSync('ed25519');
let bench: Bench;
let terminal: Docker.Container;
let client: ssh2.Client | undefined;
let port: number;
let hostKey: string;

const asCandidate = (command: string) => {
  if (client === undefined) throw new Error('not connected');
  return sshRun(client, command);
};

beforeAll(async () => {
  bench = await openBench();
  const node = await bench.node();
  port = await freePort();
  terminal = await bench.terminal(port);
  hostKey = await until(terminal, 'cat /etc/ssh/ssh_host_ed25519_key.pub', 20_000);
  await inside(terminal, `echo '${key.public}' > /etc/ckx/authorized_keys`);
  const nodeKey = await until(terminal, 'cat /home/candidate/.ssh/id_ed25519.pub', 20_000, 'candidate');
  await until(node, `mkdir -p -m 700 /root/.ssh && echo '${nodeKey}' > /root/.ssh/authorized_keys && systemctl is-active ssh`, 60_000);
  client = await sshConnect(port, key.private, hostKey);
});

afterAll(async () => {
  client?.end();
  await bench[Symbol.asyncDispose]();
});

describe('a terminal', () => {
  it('lets in a key that is authorised, nobody else, and not after it is revoked', async () => {
    expect((await asCandidate('id -un; pwd')).stdout).toBe('candidate\n/home/candidate\n');
    const stranger = ssh2.utils.generateKeyPairSync('ed25519');
    await expect(sshConnect(port, stranger.private, hostKey)).rejects.toThrow('authentication');
    expect((await asCandidate('echo x >> /etc/ckx/authorized_keys')).exitCode).not.toBe(0);
    await inside(terminal, ': > /etc/ckx/authorized_keys');
    await expect(sshConnect(port, key.private, hostKey)).rejects.toThrow('authentication');
    await inside(terminal, `echo '${key.public}' > /etc/ckx/authorized_keys`);
  });

  it('gives the candidate no way to root', async () => {
    for (const attempt of [
      'su -c id',
      'sudo -n id',
      'unshare -m id',
      'touch /etc/anything',
      'cat /etc/shadow',
      'mount -t tmpfs none /mnt',
    ]) {
      expect((await asCandidate(`${attempt} < /dev/null`)).exitCode, attempt).not.toBe(0);
    }
    expect((await asCandidate('find / -xdev -perm /6000 -type f 2>/dev/null')).stdout).toBe('');
    expect((await asCandidate('grep -E "CapEff|CapPrm|NoNewPrivs" /proc/self/status')).stdout).toMatch(
      /CapPrm:\s0{16}\nCapEff:\s0{16}\nNoNewPrivs:\s1/,
    );
  });

  it('has what a candidate expects', async () => {
    const tools = 'kubectl helm jq yq vim nano tmux curl openssl git less ip dig nc man ssh tree';
    expect((await asCandidate(`for tool in ${tools}; do command -v $tool > /dev/null || echo $tool; done`)).stdout).toBe('');
    expect(
      (await asCandidate('for page in jq vim tmux curl ls openssl; do man $page | head -1 | grep -q . || echo $page; done')).stdout,
    ).toBe('');
    expect((await asCandidate("bash -ic 'complete -p k; alias k; complete -p kubectl helm yq' 2>/dev/null")).stdout).toMatch(
      /__start_kubectl k\nalias k='kubectl'\n.*__start_kubectl kubectl\n.*__start_helm helm\n.*__start_yq yq/,
    );
    expect((await asCandidate('locale charmap; echo $KUBECONFIG; readlink .kube/kubeconfig')).stdout).toBe(
      'UTF-8\n/home/candidate/.kube/config\nconfig\n',
    );
    expect((await asCandidate("tmux new-session -d 'sleep 5' && tmux ls")).stdout).toContain('1 windows');
  });

  it('reaches the node as root', async () => {
    expect(await asCandidate('ssh root@controlplane id -u')).toMatchObject({ exitCode: 0, stdout: '0\n' });
    expect((await asCandidate('ssh root@controlplane hostname')).stdout).toBe('controlplane\n');
  });

  it('is a toolbox beside itself, on the same volumes', async () => {
    const toolbox = await bench.toolbox(terminal);
    await asCandidate('echo mine > ~/answer.txt');
    expect((await inside(toolbox, 'id -u; cat /home/candidate/answer.txt; pgrep sshd')).output).toBe('0\nmine');
  });

  it('leaves no zombies', async () => {
    await asCandidate("bash -c '(sleep 0.1 &) ; (setsid sleep 0.1 &)'");
    await until(terminal, '! grep -lE "^State:\\sZ" /proc/[0-9]*/status', 5_000);
  });
});
