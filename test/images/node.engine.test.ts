import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside, killAndStart, openBench, until, type Bench } from './support.ts';

/** Two cores that other tests use as well. */
const BOOT_MS = 150_000;

let bench: Bench;
let node: Docker.Container;

const kubectl = async (command: string) => {
  const { code, output } = await inside(node, `kubectl ${command}`);
  expect(code, output).toBe(0);
  return output;
};

beforeAll(async () => {
  bench = await openBench();
  node = await bench.node();
  await until(node, 'ckx-health steps | grep \'"complete"\'', BOOT_MS);
});

afterAll(async () => {
  console.log((await inside(node, 'ckx-health steps')).output);
  await bench[Symbol.asyncDispose]();
});

describe('a node', () => {
  it('is Ready, healthy at every milestone, and promises what it is limited to', async () => {
    for (const milestone of ['control_plane', 'node_ready', 'workloads']) {
      const { code, output } = await inside(node, `ckx-health ${milestone}`);
      expect(JSON.parse(output)).toEqual({ milestone, ok: true, missing: null });
      expect(code).toBe(0);
    }
    const [name, memory] = (await kubectl("get node -o jsonpath='{.items[0].metadata.name} {.items[0].status.allocatable.memory}'")).split(
      ' ',
    );
    expect(name).toBe('controlplane');
    expect(Number(memory?.replace('Ki', ''))).toBeLessThanOrEqual(4 * 2 ** 20);
    expect((await inside(node, 'systemctl is-system-running --wait')).output).toBe('running');
  });

  it('holds nobody’s pods up once it is complete, and never again, also when it is registered anew', async () => {
    const taints = "get node controlplane -o jsonpath='{.spec.taints}'";
    expect(await kubectl(taints)).toBe('');
    await kubectl('delete node controlplane');
    await inside(node, 'systemctl restart kubelet');
    await until(node, 'kubectl get node controlplane', 30_000);
    expect(await kubectl(taints)).not.toContain('ckx/starting');
    await until(node, 'ckx-health workloads', 60_000);
  });

  it('says what is missing when it is not healthy', async () => {
    const { code, output } = await inside(node, 'systemctl stop kubelet; kill -STOP $(pgrep kube-apiserver); ckx-health control_plane');
    await inside(node, 'kill -CONT $(pgrep kube-apiserver); systemctl start kubelet');
    expect(code).toBe(1);
    expect(JSON.parse(output)).toEqual({ milestone: 'control_plane', ok: false, missing: 'API server' });
    await until(node, 'ckx-health workloads', 30_000);
  });

  it('is laid out as kubeadm lays out a machine', async () => {
    expect((await inside(node, 'ls -1 /etc/kubernetes/manifests')).output.split('\n').sort()).toEqual([
      'etcd.yaml',
      'kube-apiserver.yaml',
      'kube-controller-manager.yaml',
      'kube-scheduler.yaml',
    ]);
    expect((await inside(node, 'kubeadm certs check-expiration')).code).toBe(0);
    expect(await kubectl('-n kube-system get daemonset kube-proxy -o jsonpath={.status.numberReady}')).toBe('1');
    expect(await kubectl('get pods -A -o name')).toContain('pod/etcd-controlplane');
    const names = (await inside(node, 'openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -ext subjectAltName')).output;
    for (const name of ['DNS:controlplane', 'DNS:localhost', 'IP Address:127.0.0.1']) expect(names).toContain(name);
    const endpoint = '--endpoints https://127.0.0.1:2379 --cacert pki/etcd/ca.crt --cert pki/etcd/server.crt --key pki/etcd/server.key';
    const backup = `cd /etc/kubernetes && etcdctl ${endpoint} snapshot save /root/snapshot.db && etcdutl snapshot status /root/snapshot.db`;
    expect((await inside(node, backup)).code).toBe(0);
  });

  it('runs preloaded images, resolves names, and answers a request with a time limit', async () => {
    await kubectl('create deployment web --image=nginx:1.27');
    await kubectl('expose deployment web --port=80');
    await kubectl('run client --image=busybox:1.36 --command -- sleep 1d');
    await kubectl('run privileged --image=busybox:1.36 --privileged --command -- sleep 1d');
    await kubectl('run other --image=curlimages/curl:8.10.1 --command -- sleep 1d');
    await kubectl('wait --for=condition=Ready pod --all --timeout=60s');
    expect(await until(node, 'kubectl exec client -- wget -qO- -T 3 http://web', 10_000)).toContain('Welcome to nginx!');
    expect(await kubectl('exec other -- curl -s -m 3 http://web.default.svc.cluster.local')).toContain('Welcome to nginx!');
    expect(await kubectl('exec client -- nslookup web.default.svc.cluster.local')).toContain('Name:');
    expect(await kubectl('logs deployment/web')).toContain('GET / HTTP/1.1');
  });

  it('has a default storage class that gives a pod its volume', async () => {
    expect(await kubectl('get storageclass')).toContain('local-path (default)');
    await inside(
      node,
      `kubectl apply -f - <<'YAML'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: writer}
spec:
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
  containers: [{name: writer, image: 'busybox:1.36', command: [sh, -c, 'echo kept > /data/file; sleep 1d'], volumeMounts: [{name: data, mountPath: /data}]}]
YAML`,
    );
    await kubectl('wait --for=condition=Ready pod/writer --timeout=60s');
    expect(await kubectl('exec writer -- cat /data/file')).toBe('kept');
  });

  it('runs a CronJob by the clock of its time zone, and refuses one that nobody knows', async () => {
    const cron = (name: string, schedule: string, zone: string) =>
      inside(
        node,
        `kubectl apply -f - <<'YAML'
apiVersion: batch/v1
kind: CronJob
metadata: {name: ${name}}
spec:
  schedule: '${schedule}'
  timeZone: ${zone}
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: 'busybox:1.36', command: ['true']}]}}}}
YAML`,
      );
    // The first full minute that is at least ten seconds away, as a clock in Athens shows it: hours away from what UTC shows.
    const due = new Date(Math.ceil((Date.now() + 10_000) / 60_000) * 60_000);
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Athens', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const [hour, minute] = clock.format(due).split(':').map(Number);
    const accepted = await cron('athens', `${minute} ${hour} * * *`, 'Europe/Athens');
    expect(accepted.code, accepted.output).toBe(0);
    const refused = await cron('atlantis', '* * * * *', 'Europe/Atlantis');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('unknown time zone Europe/Atlantis');
    await until(node, 'kubectl get jobs -o name | grep job.batch/athens-', 100_000);
  });

  it('follows an edit of a static pod, and a restart of its kubelet', async () => {
    await inside(node, "sed -i 's/- kube-scheduler$/- kube-scheduler\\n    - --v=1/' /etc/kubernetes/manifests/kube-scheduler.yaml");
    await until(node, "tr '\\0' ' ' < /proc/$(pgrep -o kube-scheduler)/cmdline | grep -e '--v=1'", 60_000);
    expect((await inside(node, 'systemctl restart kubelet')).code).toBe(0);
    await until(node, 'curl -sf http://127.0.0.1:10248/healthz', 30_000);
    expect((await inside(node, 'journalctl -u kubelet --no-pager | wc -l')).output).not.toBe('0');
  });

  it('comes back by itself with its state when it is killed', async () => {
    await kubectl('create configmap kept --from-literal=a=b');
    const key = (await inside(node, 'sha256sum /etc/kubernetes/pki/ca.key /etc/ssh/ssh_host_ed25519_key')).output;
    await killAndStart(node);
    await until(node, 'ckx-health control_plane', 60_000);
    await until(node, 'ckx-health steps | grep \'"workloads"\'', 90_000);
    expect(await kubectl("get configmap kept -o jsonpath='{.data.a}'")).toBe('b');
    expect((await inside(node, 'sha256sum /etc/kubernetes/pki/ca.key /etc/ssh/ssh_host_ed25519_key')).output).toBe(key);
    expect(await until(node, 'kubectl exec client -- wget -qO- -T 3 http://web', 60_000)).toContain('Welcome to nginx!');
  });

  it('shares no key with another, also when its first start is cut short', async () => {
    const other = await bench.node();
    await until(other, 'test -e /etc/kubernetes/manifests/etcd.yaml', BOOT_MS);
    const half = (await inside(other, 'sha256sum < /etc/kubernetes/pki/ca.key')).output;
    await killAndStart(other);
    await until(other, 'ckx-health steps | grep \'"complete"\'', BOOT_MS);
    const secrets = 'sha256sum < /etc/kubernetes/pki/ca.key; cat /etc/ssh/ssh_host_ed25519_key.pub; cat /etc/machine-id';
    const [mine, others] = await Promise.all([inside(node, secrets), inside(other, secrets)]);
    const lines = [half, ...mine.output.split('\n'), ...others.output.split('\n')];
    expect(lines).toHaveLength(7);
    expect(new Set(lines).size).toBe(7);
    expect((await inside(other, "sed -n 's/.*token: //p' /root/.kube/config; kubectl get node")).output).toContain('Ready');
  }, 400_000);
});
