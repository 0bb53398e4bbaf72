/** What administrators are examined in, done as they do it: on real nodes, over SSH from the terminal, with the tools of the real exam. */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentNeeds, type EnvironmentFacts, type EnvironmentSpec } from '@ckx/contracts';
import type { ToolboxRole } from '@ckx/execution-environment';
import { sshConnect, sshRun, testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const key = ssh2.utils.generateKeyPairSync('ed25519');
const patiently = { signal: new AbortController().signal };

let engine: TestEngine;
let spec: EnvironmentSpec;
let facts: EnvironmentFacts;
let shell: ssh2.Client;

/** As the candidate, in the terminal. @throws where the command fails, with what it said. */
async function run(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await sshRun(shell, command);
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** A script on a node, as root. */
const on = (node: string, script: string) => run(`ssh ${node} sudo -i bash -euo pipefail -s <<'SCRIPT'\n${script}\nSCRIPT`);

async function until(work: () => Promise<unknown>, timeoutMs = 90_000): Promise<void> {
  const givenUpAt = performance.now() + timeoutMs;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() > givenUpAt) throw error;
    }
    await sleep(300);
  }
}

const healthy = (node: string) => until(() => on(node, 'curl -sf http://127.0.0.1:10248/healthz'));
const ready = (node: string) => until(() => run(`kubectl wait --for=condition=Ready node/${node} --timeout=5s`));

beforeAll(async () => {
  engine = await testEngine();
  spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ nodes: 2 }) };
  await engine.provider.create(spec, patiently);
  await engine.provider.awaitMilestone(spec, 'node_ready', patiently);
  await engine.provider.awaitMilestone(spec, 'workloads', patiently);
  facts = await engine.provider.openTerminal(spec, patiently);
  await engine.provider.authorizeKey(spec, key.public);
  shell = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
});
afterAll(async () => {
  shell.end();
  await engine[Symbol.asyncDispose]();
});

describe('a node is reached', () => {
  it.each(['controlplane', 'node01'])('from the terminal without a question: %s, with root to be had', async (node) => {
    const strictly = `ssh -o BatchMode=yes -o StrictHostKeyChecking=yes ${node}`;
    expect(await run(`${strictly} 'id -un; hostname; sudo -n id -un'`)).toBe(`candidate\n${node}\nroot`);
    expect(await run(`${strictly} sudo -i id -un`)).toBe('root');
    expect(await run(`ssh -o BatchMode=yes -o StrictHostKeyChecking=yes root@${node} id -un`)).toBe('root');
  });

  it('with kubectl set up on the one with the control plane, for the candidate and for root', async () => {
    expect(await run('ssh controlplane kubectl get nodes -o name')).toBe('node/controlplane\nnode/node01');
    expect(await on('controlplane', 'kubectl get nodes -o name')).toBe('node/controlplane\nnode/node01');
  });

  it("through the terminal by the candidate's own client, as `ssh -J` does it", async () => {
    const jump = await sshConnect(spec.ports.sshJumphost, key.private, facts.sshHostKey);
    const { promise, resolve, reject } = Promise.withResolvers<ssh2.ClientChannel>();
    jump.forwardOut('127.0.0.1', 0, 'node01', 22, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
    const node = new ssh2.Client();
    const opened = once(node, 'ready');
    node.connect({ sock: await promise, username: 'candidate', privateKey: key.private });
    await opened;
    expect(await sshRun(node, 'hostname; sudo -n id -un')).toMatchObject({ stdout: 'node01\nroot\n' });
    node.end();
    jump.end();
  });
});

describe('scripts of a pack', () => {
  it('are root on the nodes, also when the candidate is let in no more', async () => {
    await mkdir(join(engine.workDir, 'pack'), { recursive: true });
    const ask = async (role: ToolboxRole) => {
      await engine.provider.openToolbox(spec, role, join(engine.workDir, 'pack'));
      const command = ['bash', '-c', 'for node in controlplane node01; do ssh -o BatchMode=yes $node "hostname; id -un"; done'];
      const { stdout, stderr } = await engine.provider.exec(
        spec,
        role,
        { command, timeoutMs: 20_000, outputLimitBytes: 10_000 },
        patiently.signal,
      );
      await engine.provider.closeToolbox(spec, role);
      return stdout + stderr;
    };
    const both = 'controlplane\nroot\nnode01\nroot\n';
    expect(await ask('setup')).toBe(both);
    expect(await ask('checker')).toBe(both);
  });
});

describe('on a node', () => {
  it('a static pod is made, edited and removed on disk', async () => {
    const manifest = (text: string) => `cat >/etc/kubernetes/manifests/web.yaml <<'YAML'
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: web, image: 'busybox:1.36', command: [sh, -c, 'echo ${text}; sleep 1d'] }]
YAML`;
    await on('node01', manifest('first'));
    await until(() => run('kubectl logs web-node01 | grep -x first'));
    await on('node01', manifest('second'));
    await until(() => run('kubectl logs web-node01 | grep -x second'));
    await on('node01', 'rm /etc/kubernetes/manifests/web.yaml');
    await until(() => run('! kubectl get pod web-node01'));
  });

  it('containers are looked at and ended with crictl', async () => {
    const pods = await on('node01', 'crictl pods');
    expect(pods).toMatch(/^POD ID +CREATED +STATE +NAME +NAMESPACE +ATTEMPT +RUNTIME\n/);
    expect(pods).toMatch(/[0-9a-f]{13} +.* ago +Ready +kube-proxy-\S+ +kube-system +0 +\(default\)/);
    const running = await on('node01', 'crictl ps');
    expect(running).toMatch(/^CONTAINER +IMAGE +CREATED +STATE +NAME +ATTEMPT +POD ID +POD +NAMESPACE\n/);
    expect(running).toMatch(/^[0-9a-f]{13} +registry\.k8s\.io\/kube-proxy:\S+ +.* ago +Running +kube-proxy +0 /m);
    expect(await on('node01', 'crictl images')).toMatch(/^docker.io\/library\/nginx +1\.27 +[0-9a-f]{13} +[\d.]+MB$/m);
    expect(await on('node01', 'crictl version')).toContain('RuntimeName:  containerd');
    await run(
      'kubectl run chatty --image=busybox:1.36 --overrides=\'{"spec":{"nodeName":"node01"}}\' -- sh -c "echo one; echo two; sleep 1d"',
    );
    await run('kubectl wait --for=condition=Ready pod/chatty --timeout=60s');
    const id = await on('node01', 'crictl ps --name chatty -q');
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await on('node01', `crictl logs ${id.slice(0, 13)}`)).toBe('one\ntwo');
    expect(await on('node01', `crictl logs --tail=1 ${id}`)).toBe('two');
    expect(await on('node01', `crictl inspect ${id} | jq -r '.status.metadata.name, .status.state, (.info.pid | type)'`)).toBe(
      'chatty\nCONTAINER_RUNNING\nnumber',
    );
    expect(await on('node01', `crictl exec ${id} hostname`)).toBe('chatty');
    expect(await on('node01', `crictl rm ${id} 2>&1 || true`)).toContain('is running, please stop it first');
    expect(await on('node01', `crictl stop ${id} && crictl rm ${id}`)).toBe(`${id}\n${id}`);
    // The kubelet sees to it that there is another one.
    await until(() => on('node01', 'crictl ps --name chatty -q | grep .'));
    expect(await on('node01', 'crictl ps --name chatty -q')).not.toBe(id);
    await run('kubectl delete pod chatty --now');
  });

  it('the kubelet is restarted, and its journal read', async () => {
    const pid = await on('node01', 'systemctl show kubelet -p MainPID --value');
    await on('node01', 'systemctl restart kubelet');
    expect(await on('node01', 'systemctl show kubelet -p MainPID --value')).not.toBe(pid);
    expect(await on('node01', 'journalctl -u kubelet --no-pager -n 20')).toContain('kubelet[');
    await healthy('node01');
  });

  it('a kubelet that was given a wrong flag says so, and runs again without it', async () => {
    const flags = '/var/lib/kubelet/kubeadm-flags.env';
    await on('node01', `cp ${flags} /root/flags; sed -i 's/"$/ --no-such-flag"/' ${flags}; systemctl restart kubelet`);
    await until(() => on('node01', 'journalctl -u kubelet --no-pager -n 50 | grep "unknown flag: --no-such-flag"'));
    expect(await on('node01', 'curl -sf http://127.0.0.1:10248/healthz || echo down')).toBe('down');
    await on('node01', `cp /root/flags ${flags}; systemctl restart kubelet`);
    await healthy('node01');
  });

  it('a kubelet whose unit names a file that is not there is mended in its drop-in', async () => {
    const dropIn = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
    await on(
      'node01',
      `cp ${dropIn} /root/drop-in; sed -i 's#/var/lib/kubelet/config.yaml"#/var/lib/kubelet/configuration.yaml"#' ${dropIn}`,
    );
    await on('node01', 'systemctl daemon-reload; systemctl restart kubelet');
    await until(() => on('node01', 'journalctl -u kubelet --no-pager -n 50 | grep "configuration.yaml"'));
    await on('node01', `cp /root/drop-in ${dropIn}; systemctl daemon-reload; systemctl restart kubelet`);
    await healthy('node01');
  });

  it('a kubelet that was stopped makes its node NotReady, until it is started', async () => {
    await on('node01', 'systemctl disable --now kubelet');
    await run('kubectl wait --for=jsonpath=\'{.status.conditions[?(@.type=="Ready")].status}\'=Unknown node/node01 --timeout=120s');
    await on('node01', 'systemctl enable --now kubelet');
    await healthy('node01');
    await ready('node01');
  });
});

describe('the control plane', () => {
  const TLS =
    '--cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key';

  it('is put back to a snapshot of etcd', async () => {
    await run('kubectl create configmap before');
    await on('controlplane', `ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 ${TLS} snapshot save /opt/etcd-backup.db`);
    expect(await on('controlplane', 'etcdutl --write-out=json snapshot status /opt/etcd-backup.db | jq .totalKey')).toMatch(/^[1-9]\d+$/);
    await run('kubectl create configmap after');
    await on('controlplane', 'etcdutl snapshot restore /opt/etcd-backup.db --data-dir=/var/lib/etcd-restored 2>&1');
    await on('controlplane', "sed -i 's#path: /var/lib/etcd$#path: /var/lib/etcd-restored#' /etc/kubernetes/manifests/etcd.yaml");
    await until(() => run('kubectl get configmap before && ! kubectl get configmap after'), 150_000);
    await ready('controlplane');
    await ready('node01');
    await run('kubectl run afterwards --image=busybox:1.36 -- sleep 1d');
    await until(() => run('kubectl wait --for=condition=Ready pod/afterwards --timeout=5s'));
  });

  it('tells when its certificates expire, and renews them', async () => {
    const listed = await on('controlplane', 'kubeadm certs check-expiration');
    for (const name of ['admin.conf', 'apiserver', 'apiserver-kubelet-client', 'etcd-server', 'front-proxy-client', 'scheduler.conf']) {
      expect(listed).toMatch(new RegExp(`^${name} .* 36[45]d`, 'm'));
    }
    const serial = 'openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -serial';
    const before = await on('controlplane', serial);
    expect(await on('controlplane', 'kubeadm certs renew apiserver')).toContain('certificate for serving the Kubernetes API renewed');
    const after = await on('controlplane', serial);
    expect(after).not.toBe(before);
    await on('controlplane', 'kubeadm certs renew all');
    // Served once the API server is started anew, as everywhere.
    await on('controlplane', 'cd /etc/kubernetes/manifests; mv kube-apiserver.yaml /root/');
    await until(() => on('controlplane', '! crictl ps --name kube-apiserver -q | grep .'));
    await on('controlplane', 'mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/');
    await until(() => run('kubectl get nodes'), 120_000);
    const served = 'openssl s_client -connect 127.0.0.1:6443 </dev/null 2>/dev/null | openssl x509 -noout -serial';
    expect(await on('controlplane', served)).toBe(await on('controlplane', serial));
  });

  it('lets a node join that was drained, removed and reset', async () => {
    await run('kubectl drain node01 --ignore-daemonsets --force --delete-emptydir-data --timeout=60s');
    await run('kubectl delete node node01');
    await on('node01', 'kubeadm reset -f 2>&1');
    const join = await on('controlplane', 'kubeadm token create --print-join-command');
    expect(join).toMatch(/^kubeadm join \S+:6443 --token \S+ --discovery-token-ca-cert-hash sha256:[0-9a-f]{64}$/);
    expect(await on('node01', `${join} 2>&1`)).toContain('This node has joined the cluster');
    await ready('node01');
    expect(await on('controlplane', 'kubeadm token list')).toContain('authentication,signing');
    await run('kubectl run there --image=busybox:1.36 --overrides=\'{"spec":{"nodeName":"node01"}}\' -- sleep 1d');
    await until(() => run('kubectl exec there -- nslookup kubernetes.default.svc.cluster.local'));
  });
});

describe('closing', () => {
  it('lets the candidate onto no node, and the grader onto each', async () => {
    await engine.provider.close(spec);
    await expect(sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey)).rejects.toThrow(/authentication/i);
    await engine.provider.openToolbox(spec, 'grader', join(engine.workDir, 'pack'));
    const asked = async (script: string) => {
      const command = ['bash', '-c', script];
      return engine.provider.exec(spec, 'grader', { command, timeoutMs: 20_000, outputLimitBytes: 10_000 }, patiently.signal);
    };
    expect(await asked('ssh -o BatchMode=yes node01 id -un')).toMatchObject({ exitCode: 0, stdout: 'root\n' });
    const asCandidate = 'ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -i /home/candidate/.ssh/id_ed25519';
    for (const user of ['root', 'candidate']) expect((await asked(`${asCandidate} ${user}@node01 id -un`)).exitCode).toBe(255);
  });
});
