/** Two sessions with a namespace each in the node that they share: what a candidate would do, and what one must not be able to. */
import { EnvironmentNeeds, namespaceOf, unitsOf, type EnvironmentFacts, type EnvironmentSpec, type LastLook } from '@ckx/contracts';
import { sshConnect, sshRun, testEngine, testProvider, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSshKeyPair } from '../../ssh-keys.ts';
import { addressesIn, containerName, sharedName } from '../naming.ts';

const key = newSshKeyPair();
const patiently = { signal: new AbortController().signal };
const HOUR_MS = 60 * 60_000;

interface Candidate {
  readonly spec: EnvironmentSpec;
  readonly facts: EnvironmentFacts;
  readonly namespace: string;
  /** In their terminal. */
  readonly run: (command: string) => ReturnType<typeof sshRun>;
}

let engine: TestEngine;
let one: Candidate;
let other: Candidate;
beforeAll(async () => {
  engine = await testEngine();
  [one, other] = await Promise.all([arrive(), arrive()]);
}, 240_000);
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
}, 120_000);

async function arrive(): Promise<Candidate> {
  const { provider } = engine;
  const spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster: 'namespace' }) };
  await provider.create(spec, patiently);
  await provider.awaitMilestone(spec, 'control_plane', patiently);
  const facts = await provider.openTerminal(spec, patiently);
  await provider.awaitMilestone(spec, 'node_ready', patiently);
  await provider.awaitMilestone(spec, 'workloads', patiently);
  await provider.authorizeKey(spec, key.public);
  const run = async (command: string) => {
    const client = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
    try {
      return await sshRun(client, command);
    } finally {
      client.end();
    }
  };
  return { spec, facts, namespace: namespaceOf(spec.examSessionId), run };
}

/** A pod as `restricted` allows it. */
const pod = (name: string, command: string, more = '', container = '') => `{ kubectl apply -f - <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  ${more}
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: main
      image: busybox:1.36
      command: [sh, -c, '${command}']
      ${container}
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
YAML
}`;
const WEB = pod('web', 'mkdir -p /tmp/www && hostname > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www');
const untilReady = 'kubectl wait --for=condition=Ready pod --all --timeout=60s';

describe('two sessions with a namespace each', () => {
  it('have a terminal and a relay each; the node is of none of them', async () => {
    const listed = await engine.provider.list();
    expect(listed).toHaveLength(2);
    for (const { examSessionId, containers, namespaces, networks } of listed) {
      expect(containers.map(({ part }) => part).sort()).toEqual(['relay', 'terminal']);
      expect(namespaces).toEqual([namespaceOf(examSessionId)]);
      expect(networks).toHaveLength(1);
    }
    expect(one.facts.nodes).toEqual([]);
    const shared = await engine.docker.getContainer(sharedName(engine.installation)).inspect();
    expect(
      Object.keys(shared.Config.Labels)
        .filter((label) => label.startsWith('ckx.'))
        .sort(),
    ).toEqual(['ckx.image', 'ckx.installation', 'ckx.shared']);
  });

  it('work in their own, which needs no name', async () => {
    expect(await one.run("kubectl config view --minify -o jsonpath='{..namespace}'")).toMatchObject({ stdout: one.namespace });
    expect(await one.run('kubectl create configmap mine --from-literal=a=b && kubectl get configmap mine -o name')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('configmap/mine') as string,
    });
    for (const candidate of [one, other]) {
      expect(await candidate.run(`${WEB} && kubectl expose pod web --port=80 --target-port=8080 && ${untilReady}`)).toMatchObject({
        exitCode: 0,
      });
    }
    // A service and its name, from another pod; and from the terminal, through the API server.
    expect(await one.run(`${pod('probe', 'sleep 3600')} && ${untilReady}`)).toMatchObject({ exitCode: 0 });
    expect(await one.run('kubectl exec probe -- wget -qO- -T 5 http://web')).toMatchObject({ exitCode: 0, stdout: 'web\n' });
    const forwarded = 'kubectl port-forward pod/web 9000:8080 >/dev/null & sleep 2; curl -s -m 5 http://127.0.0.1:9000; kill %1';
    expect(await one.run(`bash -c '${forwarded}'`)).toMatchObject({ stdout: 'web\n' });
  });

  it('have what was meant for them, whole', async () => {
    const read = async (what: string, path: string): Promise<unknown> =>
      JSON.parse((await one.run(`kubectl get ${what} -o json | jq '${path}'`)).stdout);
    expect(await read('networkpolicy ckx-walls', '.spec.ingress')).toEqual([{ from: [{ podSelector: {} }] }]);
    expect(await read('networkpolicy ckx-walls', '[.spec.egress[].to[0] | keys]')).toEqual([
      ['podSelector'],
      ['namespaceSelector', 'podSelector'],
    ]);
    expect(await read('limitrange ckx-bounds', '.spec.limits[0].default | keys')).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    expect(await read('role ckx-candidate', '[.rules[].verbs[]] | unique')).not.toContain('*');
    expect(await read('namespace "$(kubectl config view --minify -o jsonpath={..namespace})"', '.metadata.labels')).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it('are denied whatever is not theirs', async () => {
    const theirs = `-n ${other.namespace}`;
    for (const command of [
      'get namespaces',
      'get nodes',
      'get pods -A',
      `get pods ${theirs}`,
      `get secrets ${theirs}`,
      `exec ${theirs} web -- id`,
      `create configmap mine ${theirs}`,
      'get secrets -n kube-system',
      'get serviceaccounts -n ckx-accounts',
      `create token -n ckx-accounts ${one.namespace}`,
      'create clusterrolebinding mine --clusterrole=cluster-admin --user=x',
      // What they do not have themselves, they can give to nobody.
      'create role wide --verb=create --resource=networkpolicies.networking.k8s.io',
      `create rolebinding wide --clusterrole=admin --serviceaccount=${one.namespace}:candidate`,
      `label namespace ${one.namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`,
      'delete resourcequota ckx-bounds',
      'delete limitrange ckx-bounds',
      'delete networkpolicy ckx-walls',
      'delete rolebinding ckx-platform',
      'delete rolebindings --all',
      `get --raw /api/v1/nodes/controlplane/proxy/pods`,
      'get pods --as=system:admin',
    ]) {
      const answer = await one.run(`kubectl ${command}`);
      expect(answer, command).toMatchObject({ stderr: expect.stringMatching(/forbidden|denied/i) as string });
      expect(answer.exitCode, command).not.toBe(0);
    }
    expect((await one.run('kubectl get rolebindings -o name')).stdout).toContain('ckx-platform');
  });

  it('cannot take more than is theirs, nor stand out of their namespace', async () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      [pod('greedy', 'sleep 1', '', 'resources: {requests: {cpu: 500m}, limits: {cpu: 1}}'), /exceeded quota/],
      [pod('vast', 'sleep 1', '', 'resources: {limits: {memory: 3Gi}}'), /exceeded quota/],
      [pod('first', 'sleep 1', 'priorityClassName: system-node-critical'), /exceeded quota/],
      [pod('outside', 'sleep 1', 'hostNetwork: true'), /violates PodSecurity/],
      [pod('disk', 'sleep 1', 'volumes: [{name: host, hostPath: {path: /}}]'), /violates PodSecurity/],
      ['kubectl create service nodeport out --tcp=80', /exceeded quota/],
      [
        `kubectl create service clusterip theirs --tcp=80 --dry-run=client -o yaml | yq '.spec.externalIPs = ["10.43.0.10"]' | kubectl apply -f -`,
        /externalIPs/,
      ],
      ['kubectl create role own --verb=get --resource=pods && kubectl delete role ckx-candidate', /denied request/],
    ];
    for (const [command, reason] of refused) {
      const answer = await one.run(command);
      expect(answer, command).toMatchObject({ stderr: expect.stringMatching(reason) as string });
      expect(answer.exitCode, command).not.toBe(0);
    }
    // Neighbours share the node's processes: a pod that makes more than its share is refused them.
    const forks = 'for i in $(seq 400); do sleep 300 & done; wait';
    expect(await one.run(pod('forks', forks))).toMatchObject({ exitCode: 0 });
    await expect.poll(async () => (await one.run('kubectl logs forks')).stdout, { timeout: 60_000, interval: 1_000 }).toMatch(/fork/);
    await one.run('kubectl delete pod forks --grace-period=0 --force');
  });

  it('reach no pod of each other', async () => {
    const { stdout: address } = await other.run("kubectl get pod web -o jsonpath='{.status.podIP}'");
    expect(address).toMatch(/^10\.42\./);
    const ask = `wget -qO- -T 3 -t 1 http://${address}:8080`;
    expect(await other.run(`${pod('probe', 'sleep 3600')} && ${untilReady} && kubectl exec probe -- ${ask}`)).toMatchObject({
      exitCode: 0,
    });
    expect((await one.run(`kubectl exec probe -- ${ask}`)).exitCode).not.toBe(0);
    expect((await one.run(`kubectl exec probe -- wget -qO- -T 3 -t 1 http://web.${other.namespace}`)).exitCode).not.toBe(0);
    // Of their node its API server alone, which asks who they are.
    const { stdout: node } = await other.run("kubectl get pod web -o jsonpath='{.status.hostIP}'");
    const fetched = async (url: string) =>
      (await one.run(`kubectl exec probe -- wget -O- -T 3 -t 1 --no-check-certificate ${url} 2>&1`)).stdout;
    expect(await fetched('https://10.43.0.1/version')).toContain('gitVersion');
    for (const port of [22, 2_379, 10_250]) expect(await fetched(`http://${node}:${port}`), String(port)).toMatch(/timed out/);
  });

  it('reach of the node its API server alone, and nothing of each other', async () => {
    const node = (await engine.docker.getContainer(sharedName(engine.installation)).inspect()).NetworkSettings.Networks;
    const nodeAddress = node[sharedName(engine.installation)]?.IPAddress ?? '';
    expect(nodeAddress).toMatch(/^10\./);
    const opens = async (host: string, port: number) =>
      (await one.run(`timeout 2 bash -c '</dev/tcp/${host}/${port}' 2>/dev/null && echo open`)).stdout === 'open\n';
    expect(await opens('controlplane', 6_443)).toBe(true);
    for (const port of [22, 2_379, 10_250, 10_257]) expect(await opens('controlplane', port), String(port)).toBe(false);
    for (const port of [22, 2_379, 6_443, 10_250]) expect(await opens(nodeAddress, port), String(port)).toBe(false);
    const theirs = addressesIn(other.spec.subnet);
    expect(await opens(theirs.terminal, 22)).toBe(false);
    expect(await opens(theirs.relay, 6_443)).toBe(false);
    // Nor does the relay forward what is sent through it.
    const relay = engine.docker.getContainer(containerName(one.spec.examSessionId, 'relay'));
    const { HostConfig, Config } = await relay.inspect();
    expect(HostConfig).toMatchObject({ CapDrop: ['ALL'], ReadonlyRootfs: true, Sysctls: { 'net.ipv4.ip_forward': '0' } });
    expect(Config.User).toBe('65534:65534');
  });

  it('are set up and graded by an account that is administrator of one namespace', async () => {
    const { provider } = engine;
    await provider.openToolbox(one.spec, 'grader', import.meta.dirname);
    const inToolbox = async (script: string) =>
      provider.exec(one.spec, 'grader', { command: ['bash', '-c', script], timeoutMs: 20_000, outputLimitBytes: 4_000 }, patiently.signal);
    expect(
      await inToolbox('echo $CKX_NAMESPACE; kubectl get pod web -n "$CKX_NAMESPACE" -o name; kubectl get pod web -o name'),
    ).toMatchObject({
      exitCode: 0,
      stdout: `${one.namespace}\npod/web\npod/web\n`,
    });
    expect(await inToolbox('kubectl get nodes -o name; kubectl get leases -n kube-system -o name | head -1')).toMatchObject({
      stdout: expect.stringMatching(/^node\/controlplane\nlease/) as string,
    });
    expect(await inToolbox('kubectl create configmap seen --from-literal=by=grader')).toMatchObject({ exitCode: 0 });
    for (const command of [
      `get pods -n ${other.namespace}`,
      'get secrets -n kube-system',
      'create namespace mine',
      'get secrets -n ckx-accounts',
    ]) {
      expect(await inToolbox(`kubectl ${command}`), command).toMatchObject({ stderr: expect.stringMatching(/forbidden/) as string });
    }
    const opening = `kubectl apply -f - <<< '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"open"},"spec":{"podSelector":{},"ingress":[{}]}}'`;
    expect(await inToolbox(opening)).toMatchObject({ stderr: expect.stringMatching(/not changed/) as string });
    await provider.closeToolbox(one.spec, 'grader');
    expect(await one.run("kubectl get configmap seen -o jsonpath='{.data.by}'")).toMatchObject({ stdout: 'grader' });
  });

  it('are told of one gap when the node is killed, and find it as it was', { timeout: 180_000 }, async () => {
    const { provider } = engine;
    const begin = ({ spec }: Candidate, seen: LastLook) => {
      const { promise: looked, resolve } = Promise.withResolvers<LastLook>();
      const over = new AbortController();
      const report = provider.watch(spec, { signal: over.signal, seen, onLook: resolve });
      report.catch(() => undefined);
      return { looked, report, over };
    };
    const fresh = (): LastLook => ({ atMs: Date.now(), startedAt: {} });
    const watches = [begin(one, fresh()), begin(other, fresh())];
    for (const { looked } of watches) expect(Object.keys((await looked).startedAt).sort()).toEqual(['node', 'relay', 'terminal']);
    await engine.docker.getContainer(sharedName(engine.installation)).kill();
    const reports = await Promise.all(watches.map(({ report }) => report));
    expect(reports.map(({ finding }) => finding)).toMatchObject([
      { kind: 'gap', cause: 'engine' },
      { kind: 'gap', cause: 'engine' },
    ]);
    // Nothing more is told: the next watch looks, and looks again.
    for (const [index, candidate] of [one, other].entries()) {
      const { looked, report, over } = begin(candidate, reports[index]?.seen ?? fresh());
      await expect(Promise.race([looked.then(() => 'looked'), report])).resolves.toBe('looked');
      over.abort();
      expect(await candidate.run('kubectl get pod web -o name')).toMatchObject({ stdout: 'pod/web\n' });
    }
    expect(await one.run(untilReady)).toMatchObject({ exitCode: 0 });
    expect(await provider.runsSince(one.spec, 'node')).not.toBeNull();
  });

  it('get their relay back when it dies', async () => {
    const { provider, docker } = engine;
    await docker.getContainer(containerName(one.spec.examSessionId, 'relay')).kill();
    const watching = await provider.watch(one.spec, { ...patiently, seen: { atMs: Date.now(), startedAt: {} }, onLook: () => undefined });
    expect(watching).toMatchObject({ finding: { kind: 'down', part: 'relay' } });
    expect(await provider.restart(one.spec, 'relay', patiently)).toEqual({ ready: true });
    expect(await one.run('kubectl get pod web -o name')).toMatchObject({ exitCode: 0 });
  });

  it('leave nothing, whatever they have done against it', { timeout: 180_000 }, async () => {
    const { provider, docker } = engine;
    // Of the first, somebody took everything away but the namespace; what is in there does not want to go.
    const holding = `kubectl create configmap held && kubectl patch configmap held --type=merge -p '{"metadata":{"finalizers":["example.com/never"]}}'`;
    expect(await one.run(holding)).toMatchObject({ exitCode: 0 });
    const stubborn = pod('stubborn', 'trap : TERM; while true; do sleep 1; done', 'terminationGracePeriodSeconds: 3600');
    expect(await one.run(`${stubborn} && ${untilReady}`)).toMatchObject({ exitCode: 0 });
    const filters = { label: [`ckx.environment=${one.spec.executionEnvironmentId}`] };
    for (const { Id } of await docker.listContainers({ all: true, filters }))
      await docker.getContainer(Id).remove({ force: true, v: true });
    for (const { Name } of (await docker.listVolumes({ filters })).Volumes) await docker.getVolume(Name).remove();
    for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
    const left = (await provider.list()).find(({ examSessionId }) => examSessionId === one.spec.examSessionId);
    expect(left).toMatchObject({ containers: [], networks: [], volumes: [], namespaces: [one.namespace] });
    await provider.destroy(one.spec.executionEnvironmentId);
    expect((await provider.list()).map(({ examSessionId }) => examSessionId)).toEqual([other.spec.examSessionId]);

    // The node stays as long as somebody uses it, and an hour longer.
    expect(await provider.tendSharedNode(0)).toBeNull();
    expect(await provider.tendSharedNode(HOUR_MS)).toBeNull();
    await provider.close(other.spec);
    await provider.destroy(other.spec.executionEnvironmentId);
    expect(await provider.tendSharedNode(HOUR_MS)).toBeNull();
    expect(await provider.tendSharedNode(2 * HOUR_MS - 1)).toBeNull();
    expect(await engine.remains()).toHaveLength(3);
    expect(await provider.tendSharedNode(2 * HOUR_MS)).toMatch(/no session has used it/);
    expect(await engine.remains()).toEqual([]);
  });
});

describe('the node that sessions share', () => {
  const MINUTE_MS = 60_000;
  const asking = async (cluster: 'namespace' | 'none') => ({ ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster }) });
  const node = () => engine.docker.getContainer(sharedName(engine.installation));

  it('goes when it has not answered for ten minutes, and holds up nobody who had a namespace in it', async () => {
    const { provider } = engine;
    const spec = await asking('namespace');
    await provider.create(spec, patiently);
    await node().kill();
    await expect(provider.destroy(spec.executionEnvironmentId)).rejects.toMatchObject({ code: 'SHARED_NODE_AWAY' });
    expect((await provider.list()).map(({ containers }) => containers.map(({ part }) => part))).toEqual([['relay']]);
    expect(await provider.tendSharedNode(0)).toBeNull();
    expect(await provider.tendSharedNode(10 * MINUTE_MS - 1)).toBeNull();
    expect(await provider.tendSharedNode(10 * MINUTE_MS)).toMatch(/has not answered/);
    await provider.destroy(spec.executionEnvironmentId);
    expect(await provider.tendSharedNode(11 * MINUTE_MS)).toBeNull();
    expect(await engine.remains()).toEqual([]);
  });

  it('makes way for an environment that needs its room once nobody uses it', async () => {
    const [spec, alone] = [await asking('namespace'), await asking('none')];
    await engine.provider.create(spec, patiently);
    const small = await testProvider(engine, { capacity: unitsOf(alone.needs) });
    await small.create(alone, patiently);
    await expect(node().inspect()).resolves.toMatchObject({ State: { Running: true } });
    await small.destroy(alone.executionEnvironmentId);
    // Whoever used it is gone.
    await engine.docker.getContainer(containerName(spec.examSessionId, 'relay')).remove({ force: true, v: true });
    await small.create(alone, patiently);
    await expect(node().inspect()).rejects.toMatchObject({ statusCode: 404 });
    for (const { executionEnvironmentId } of [spec, alone]) await engine.provider.destroy(executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });
});
