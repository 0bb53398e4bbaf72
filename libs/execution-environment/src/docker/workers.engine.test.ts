/** Three nodes in one cluster, as candidates work on them. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  EnvironmentNeeds,
  OWN_CLIENT_FILES,
  ownClientFiles,
  type EnvironmentFacts,
  type EnvironmentSpec,
  type LastLook,
  type WatchedPart,
} from '@ckx/contracts';
import { sshConnect, sshRun, testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalisePublicKey } from '../ssh-keys.ts';
import { addressesIn, containerName } from './naming.ts';

const key = ssh2.utils.generateKeyPairSync('ed25519');
const patiently = { signal: new AbortController().signal };
const times: Record<string, number> = {};
async function timed(step: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await work();
  times[step] = Math.round(performance.now() - startedAt);
}

let engine: TestEngine;
let spec: EnvironmentSpec;
let facts: EnvironmentFacts;
let shell: ssh2.Client;

const container = (part: WatchedPart) => engine.docker.getContainer(containerName(spec.examSessionId, part));

/** As the candidate. @throws where the command fails, with what it said. */
async function run(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await sshRun(shell, command);
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Repeats a command until it succeeds. */
async function until(command: string, timeoutMs = 60_000): Promise<string> {
  const givenUpAt = performance.now() + timeoutMs;
  for (;;) {
    const { exitCode, stdout, stderr } = await sshRun(shell, command);
    if (exitCode === 0) return stdout.trim();
    if (performance.now() > givenUpAt) throw new Error(`After ${timeoutMs} ms still: ${command}\n${stdout}${stderr}`);
    await sleep(300);
  }
}

/** A pod that answers with its own name, and can ask. */
const podOn = (node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: on-${node}, labels: { app: everywhere } }
spec:
  nodeName: ${node}
  terminationGracePeriodSeconds: 0
  containers:
    - name: web
      image: busybox:1.36
      command: [sh, -c, 'mkdir /www && echo on-${node} >/www/index.html && exec httpd -f -vv -h /www']
`;

const NODES = ['controlplane', 'node01', 'node02'] as const;

beforeAll(async () => {
  engine = await testEngine();
  spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ nodes: 3 }) };
  const startedAt = performance.now();
  const since = (step: string) => (times[step] = Math.round(performance.now() - startedAt));
  await engine.provider.create(spec, patiently);
  since('containers');
  await engine.provider.awaitMilestone(spec, 'control_plane', patiently);
  since('control_plane');
  await engine.provider.awaitMilestone(spec, 'node_ready', patiently);
  since('node_ready');
  await engine.provider.awaitMilestone(spec, 'workloads', patiently);
  since('workloads');
  facts = await engine.provider.openTerminal(spec, patiently);
  await engine.provider.authorizeKey(spec, key.public);
  shell = await sshConnect(spec.ports.sshTerminal, key.private, facts.sshHostKey);
});
afterAll(async () => {
  shell.end();
  await engine[Symbol.asyncDispose]();
  console.log('milliseconds', times);
});

describe('a cluster of three nodes', () => {
  it('has them all Ready when its node is said to be, with a place of its own for the pods of each', async () => {
    const nodes = await run(
      `kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status} {.spec.podCIDR} {.status.addresses[?(@.type=="InternalIP")].address}{"\\n"}{end}'`,
    );
    const addresses = addressesIn(spec.subnet);
    expect(nodes.split('\n')).toEqual([
      `controlplane True 10.42.0.0/24 ${addresses.node}`,
      `node01 True 10.42.1.0/24 ${addresses.node01}`,
      `node02 True 10.42.2.0/24 ${addresses.node02}`,
    ]);
    expect(facts.nodes).toEqual([
      { name: 'controlplane', address: addresses.node },
      { name: 'node01', address: addresses.node01 },
      { name: 'node02', address: addresses.node02 },
    ]);
    const [listed] = await engine.provider.list();
    expect(listed?.containers.map(({ part }) => part).sort()).toEqual(['node', 'node01', 'node02', 'terminal']);
    expect(listed?.volumes).toHaveLength(5);
    const { parts } = await engine.provider.inspect(spec);
    expect(parts.map(({ part, limits }) => [part, limits.memoryMib])).toEqual([
      ['node', 4_096],
      ['node01', 4_096],
      ['node02', 4_096],
      ['terminal', 512],
    ]);
  });

  it("is reached by the candidate's own client, which knows every machine and asks nothing", async () => {
    // OpenSSH's client is in the terminal: what is the published port elsewhere is the server's own here.
    const jumphost = { user: 'candidate', host: '127.0.0.1', port: 22, hostKey: facts.sshHostKey };
    const { knownHosts, config } = ownClientFiles(jumphost, facts.machines ?? []);
    const put = (name: string, content: string) =>
      run(`mkdir -p own && umask 077 && cat >own/${name} <<'FILE'\n${content.trimEnd()}\nFILE`);
    await put(OWN_CLIENT_FILES.key, key.private);
    await put(OWN_CLIENT_FILES.config, config);
    await put(OWN_CLIENT_FILES.knownHosts, knownHosts);
    // Nothing that the terminal knows by itself.
    const ask = (machine: string) => `cd own && ssh -F ckx-ssh -o BatchMode=yes -o GlobalKnownHostsFile=none ${machine} hostname`;
    for (const machine of ['terminal', ...NODES]) expect(await run(ask(machine))).toBe(machine);
    // A jump host, and a machine, with another key than it has to have.
    const other = normalisePublicKey(ssh2.utils.generateKeyPairSync('ed25519').public);
    const refused = /Host key verification failed/;
    await put(OWN_CLIENT_FILES.knownHosts, knownHosts.replace(/^127.0.0.1 .*$/m, `127.0.0.1 ${other}`));
    await expect(run(ask('node01'))).rejects.toThrow(refused);
    await put(OWN_CLIENT_FILES.knownHosts, knownHosts.replace(/^(node01,\S+) .*$/m, `$1 ${other}`));
    await expect(run(ask('node01'))).rejects.toThrow(refused);
    expect(await run(ask('node02'))).toBe('node02');
    await run('rm -r own');
  });

  it('lets pods onto its workers, and onto its control plane those that tolerate it', async () => {
    const taints = (node: string) => `kubectl get node ${node} -o jsonpath='{.spec.taints[*].key}'`;
    await until(`! ${taints('node01')} | grep . && ! ${taints('node02')} | grep .`);
    expect(await until(`${taints('controlplane')} | grep -v ckx/starting`)).toBe('node-role.kubernetes.io/control-plane');
    await run('kubectl create deployment spread --image=busybox:1.36 --replicas=4 -- sleep 1d');
    await run('kubectl rollout status deployment spread --timeout=60s');
    const where = await run("kubectl get pods -l app=spread -o jsonpath='{.items[*].spec.nodeName}'");
    expect(new Set(where.split(' '))).toEqual(new Set(['node01', 'node02']));
    await run('kubectl delete deployment spread --now');
  });

  it('carries packets between pods of all nodes, and shows them where they came from', async () => {
    await run(`kubectl apply -f - <<'YAML'\n${NODES.map(podOn).join('---')}\nYAML`);
    await run('kubectl expose pod on-node01 --name=everywhere --port=80 --selector=app=everywhere --type=NodePort');
    await run('kubectl wait --for=condition=Ready pod -l app=everywhere --timeout=60s');
    const addressOf = (node: string) => run(`kubectl get pod on-${node} -o jsonpath={.status.podIP}`);
    const addresses = await Promise.all(NODES.map(addressOf));
    addresses.forEach((address, place) => expect(address).toMatch(new RegExp(`^10\\.42\\.${place}\\.`)));
    for (const from of NODES) {
      for (const [place, to] of NODES.entries()) {
        expect(await run(`kubectl exec on-${from} -- wget -qO- -T 3 http://${addresses[place]}`)).toBe(`on-${to}`);
      }
      expect(await run(`kubectl exec on-${from} -- nslookup everywhere.default.svc.cluster.local`)).toContain('Name:');
    }
    for (const address of addresses) expect(await run('kubectl logs on-node02')).toContain(address);
    const port = await run("kubectl get service everywhere -o jsonpath='{.spec.ports[0].nodePort}'");
    for (const node of NODES) expect(await run(`curl -s -m 3 http://${node}:${port}`)).toMatch(/^on-/);
  });

  it('enforces network policies between pods of several nodes, each node for its own', async () => {
    const addressOf = (node: string) => run(`kubectl get pod on-${node} -o jsonpath={.status.podIP}`);
    const [controlplane, , server] = await Promise.all(NODES.map(addressOf));
    const ask = (from: string, address = '') => `kubectl exec on-${from} -- wget -qO- -t 1 -T 2 http://${address}`;
    await run('kubectl label pod on-node02 role=server && kubectl label pod on-node01 role=friend');
    await run(`kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: of-the-server }
spec: { podSelector: { matchLabels: { role: server } }, ingress: [{ from: [{ podSelector: { matchLabels: { role: friend } } }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: of-the-friend }
spec: { podSelector: { matchLabels: { role: friend } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { role: server } } }] }] }
YAML`);
    await until(`! ${ask('controlplane', server)} && ! ${ask('node01', controlplane)}`);
    expect(await run(ask('node01', server))).toBe('on-node02');
    expect(await run(ask('node02', controlplane))).toBe('on-controlplane');
    await run('kubectl delete networkpolicies --all && kubectl label pod on-node01 on-node02 role-');
    await until(`${ask('controlplane', server)} && ${ask('node01', controlplane)}`);
  });

  it('answers logs, exec and port-forward from every node', async () => {
    for (const node of NODES) {
      expect(await run(`kubectl exec on-${node} -- cat /www/index.html`)).toBe(`on-${node}`);
      expect(
        await run(
          `kubectl logs --tail=1 -n kube-system $(kubectl get pods -n kube-system -l k8s-app=kube-proxy --field-selector spec.nodeName=${node} -o name)`,
        ),
      ).not.toBe('');
      const forward = `kubectl port-forward pod/on-${node} 18080:80 >/dev/null & for _ in $(seq 50); do curl -s localhost:18080 && break; sleep 0.1; done; kill %1`;
      expect(await run(forward)).toBe(`on-${node}`);
    }
  });

  it('runs one pod of a DaemonSet on each worker, and on each node where the control plane is tolerated', async () => {
    await run(`kubectl apply -f - <<'YAML'
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: each }
spec:
  selector: { matchLabels: { app: each } }
  template:
    metadata: { labels: { app: each } }
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: main, image: 'busybox:1.36', command: [sleep, 1d] }] }
YAML`);
    await run('kubectl rollout status daemonset each --timeout=60s');
    expect(await run('kubectl get daemonset each -o jsonpath={.status.numberReady}')).toBe('2');
    const patch = '{"spec":{"template":{"spec":{"tolerations":[{"key":"node-role.kubernetes.io/control-plane","operator":"Exists"}]}}}}';
    await run(`kubectl patch daemonset each -p '${patch}'`);
    await run('kubectl rollout status daemonset each --timeout=60s');
    expect(await run('kubectl get daemonset each -o jsonpath={.status.numberReady}')).toBe('3');
  });

  it('keeps pods off a node that is cordoned, tainted or drained, and lets them in again', async () => {
    await run('kubectl create deployment moves --image=busybox:1.36 --replicas=2 -- sh -c "trap exit TERM; sleep 1d & wait"');
    await run('kubectl rollout status deployment moves --timeout=60s');
    const where = async () => {
      const placed = await run(
        "kubectl get pods -l app=moves --field-selector status.phase=Running -o jsonpath='{.items[*].spec.nodeName}'",
      );
      return [...new Set(placed.split(' '))].sort();
    };
    await run('kubectl drain node01 --ignore-daemonsets --force --delete-emptydir-data --timeout=90s');
    await run('kubectl rollout status deployment moves --timeout=60s');
    expect(await where()).toEqual(['node02']);
    expect(await run('kubectl get nodes node01')).toContain('SchedulingDisabled');
    await run('kubectl uncordon node01 && kubectl taint node node02 maintenance=now:NoExecute');
    await until('test "$(kubectl get pods -l app=moves -o jsonpath=\'{.items[*].spec.nodeName}\')" = "node01 node01"');
    await run('kubectl rollout status deployment moves --timeout=60s');
    expect(await where()).toEqual(['node01']);
    await run('kubectl taint node node02 maintenance- && kubectl delete deployment moves --now');
  });
});

describe('a worker', () => {
  /** Watches until something is found, having seen the environment whole at least once. */
  const whileWatched = async (breakIt: () => Promise<unknown>) => {
    const { promise: whole, resolve } = Promise.withResolvers<void>();
    const seen: LastLook = { atMs: Date.now(), startedAt: {} };
    const watching = engine.provider.watch(spec, { ...patiently, seen, onLook: () => resolve() });
    await Promise.race([whole, watching]);
    await breakIt();
    return (await watching).finding;
  };

  it('that dies is found, and comes back as the node that it was, its pods reachable from the others', async () => {
    expect(await whileWatched(() => container('node02').kill())).toMatchObject({ kind: 'down', part: 'node02' });
    await timed('worker back after', async () => {
      expect(await engine.provider.restart(spec, 'node02', patiently)).toEqual({ ready: true });
    });
    await run(`kubectl delete pod on-node02 --now --ignore-not-found; kubectl apply -f - <<'YAML'\n${podOn('node02')}\nYAML`);
    await until('kubectl wait --for=condition=Ready pod/on-node02 --timeout=5s');
    const address = await run('kubectl get pod on-node02 -o jsonpath={.status.podIP}');
    expect(address).toMatch(/^10\.42\.2\./);
    await until(`kubectl exec on-controlplane -- wget -qO- -T 3 http://${address}`);
  });

  it('goes on while the control plane is away, and is known to it afterwards', async () => {
    expect(await whileWatched(() => container('node').kill())).toMatchObject({ kind: 'down', part: 'node' });
    expect(await engine.provider.restart(spec, 'node', patiently)).toEqual({ ready: true });
    await until('kubectl wait --for=condition=Ready node --all --timeout=5s');
    const address = await run('kubectl get pod on-node02 -o jsonpath={.status.podIP}');
    await until(`kubectl exec on-controlplane -- wget -qO- -T 3 http://${address}`);
  });
});

describe('a cluster that boots', () => {
  it('gets its workers also where both starts were cut short, and nothing is left of it afterwards', async () => {
    const other: EnvironmentSpec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ nodes: 2 }) };
    const of = (part: WatchedPart) => engine.docker.getContainer(containerName(other.examSessionId, part));
    await engine.provider.create(other, patiently);
    await expect(
      Promise.all([
        engine.provider.awaitMilestone(other, 'control_plane', patiently),
        sleep(2_500).then(() => Promise.all([of('node').kill(), of('node01').kill()])),
      ]),
    ).rejects.toMatchObject({ code: 'NODE_EXITED' });
    await engine.provider.create(other, patiently);
    await timed('two nodes, begun anew', () => engine.provider.awaitMilestone(other, 'node_ready', patiently));
    await engine.provider.destroy(other.executionEnvironmentId);
    await engine.provider.destroy(spec.executionEnvironmentId);
    expect(await engine.remains()).toEqual([]);
  });
});
