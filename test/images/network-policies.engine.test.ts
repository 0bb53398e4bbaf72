import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { denyIngress, MATRIX, policiesOf, type Row } from './policies/matrix.ts';
import { apply, ok, pod, World } from './policies/world.ts';
import { inside, killAndStart, openBench, until, type Bench } from './support.ts';

/** Two cores that other tests use as well. */
const BOOT_MS = 150_000;
/** From a change in the API to the packets: milliseconds where nobody else works, but the probes too must get their turn. */
const ENFORCED_MS = 30_000;
const MAX_MEMORY_KB = 20_000;

let bench: Bench;
let world: World;

beforeAll(async () => {
  bench = await openBench();
  const node = await bench.node();
  await until(node, 'ckx-health steps | grep \'"complete"\'', BOOT_MS);
  world = await World.build(node);
});

afterAll(() => bench[Symbol.asyncDispose]());

const run = (script: string) => ok(world.node, script);

async function set(...policies: ReturnType<Row['policies']>): Promise<void> {
  await run('kubectl delete networkpolicies -A --all');
  if (policies.length > 0) await apply(world.node, policiesOf(policies));
}

/** Waits until these, of all the probes, are what gets through. */
async function reach(probes: readonly string[], allowed: readonly string[]): Promise<void> {
  await expect.poll(() => world.reached(probes), { timeout: ENFORCED_MS, interval: 100 }).toEqual(allowed);
}

describe('who reaches whom', () => {
  it.each(MATRIX)('$title', async (row) => {
    await set(...row.policies((name) => world.address(name)));
    const probes = [...row.allowed, ...row.denied];
    await reach(probes, row.allowed);
    expect(await world.reached(probes)).toEqual(row.allowed);
  });
});

const fromClients = {
  podSelector: { matchLabels: { app: 'web' } },
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }],
};
const fromPartner = {
  podSelector: { matchLabels: { app: 'web' } },
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'partner' } } }] }],
};
const WEB = 'client > web:80';

describe('a change', () => {
  it('of policies: what is removed is open again', async () => {
    await set(denyIngress);
    await reach([WEB], []);
    await run('kubectl delete networkpolicies -A --all');
    await reach([WEB], [WEB]);
    expect(await run('nft list table ip ckx-netpol')).not.toContain('chain');
  });

  it("of a running pod's labels", async () => {
    await set(fromClients);
    await reach(['other > web:80', WEB], [WEB]);
    await run('kubectl -n shop label pod other app=client --overwrite');
    await reach(['other > web:80', WEB], ['other > web:80', WEB]);
    await run('kubectl -n shop label pod other app=other --overwrite; kubectl -n shop label pod web app-; sleep 0.1');
    await reach(['other > web:80'], ['other > web:80']);
    await run('kubectl -n shop label pod web app=web');
    await reach(['other > web:80', WEB], [WEB]);
  });

  it("of a namespace's labels", async () => {
    await set(fromPartner);
    await reach(['partner/client > web:80', WEB], ['partner/client > web:80']);
    await run('kubectl label namespace partner team=nobody --overwrite');
    await reach(['partner/client > web:80'], []);
    await run('kubectl label namespace partner team=partner --overwrite');
    await reach(['partner/client > web:80'], ['partner/client > web:80']);
  });
});

describe('a pod that is made under policies', () => {
  const late = (labels: Readonly<Record<string, string>>, script: string, more: object = {}) =>
    apply(world.node, [pod('shop', 'late', labels, { restartPolicy: 'Never' }, { command: ['sh', '-c', script], ...more })]);

  afterEach(() => run('kubectl -n shop delete pod late --now'));

  it('sends nothing that is denied, from its first moment on', async () => {
    await set({ podSelector: {}, policyTypes: ['Egress'] });
    await reach([WEB], []);
    const url = `http://${world.address('web')}`;
    await late(
      {},
      `for i in $(seq 40); do wget -q -T 1 -t 1 -O /dev/null ${url} && echo through & sleep 0.05; done; sleep 2; echo tried; sleep 100000`,
    );
    expect(await until(world.node, 'kubectl -n shop logs late | grep -x tried && kubectl -n shop logs late', 60_000)).not.toContain(
      'through',
    );
  });

  it('is reached by nobody who is denied, from its first moment on', async () => {
    await set(denyIngress);
    await reach([WEB], []);
    // host-local hands addresses out in turn.
    const last = await run('cat /var/lib/cni/networks/ckx/last_reserved_ip.0');
    const next = `10.42.0.${Number(last.split('.')[3]) + 1}`;
    const attempt = `${world.in('shop/client')} socat -u OPEN:/dev/null TCP:${next}:80,connect-timeout=0.2 2> /dev/null`;
    await world.background(`while sleep 0.01; do ${attempt} && echo through; done > /tmp/hammer`);
    await late({}, "exec nginx -g 'daemon off;'", { image: 'nginx:1.27' });
    await run('kubectl -n shop wait pod late --for=condition=Ready --timeout=60s; sleep 1');
    expect(await run('cat /tmp/hammer')).toBe('');
    await run('kubectl delete networkpolicies -A --all');
    await until(world.node, 'grep -q through /tmp/hammer', ENFORCED_MS);
    await world.endBackground();
  });

  it('may do what is allowed from its first packet on', async () => {
    await set(fromClients);
    await reach(['other > web:80'], []);
    await late({ app: 'client' }, `wget -q -T 1 -t 1 -O /dev/null http://${world.address('web')} && echo through || echo denied`);
    expect(await until(world.node, 'kubectl -n shop logs late | grep .', 60_000)).toBe('through');
  });

  it('becomes ready where everything is denied: the kubelet is on its node', async () => {
    await set({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    await reach([WEB], []);
    const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 1 };
    await late({}, "exec nginx -g 'daemon off;'", { image: 'nginx:1.27', readinessProbe });
    await run('kubectl -n shop wait pod late --for=condition=Ready --timeout=60s');
  });
});

describe('a connection that stands', () => {
  it('stops where a new policy denies it, and goes on when that is removed', async () => {
    await set();
    await reach([WEB], [WEB]);
    const socat = `${world.in('shop/client')} socat - TCP:${world.address('web')}:9053`;
    await world.background(`while sleep 0.1; do echo line; done | ${socat} > /tmp/said`);
    const lines = async () => Number(await run('wc -l < /tmp/said; sleep 1'));
    const grows = async () => (await lines()) < (await lines());
    await expect.poll(grows, { timeout: ENFORCED_MS }).toBe(true);
    await apply(world.node, policiesOf([denyIngress]));
    await expect.poll(grows, { timeout: ENFORCED_MS }).toBe(false);
    expect(await grows()).toBe(false);
    await run('kubectl delete networkpolicies -A --all');
    // When the sender tries again: TCP waits twice as long each time.
    await expect.poll(grows, { timeout: 60_000 }).toBe(true);
    await world.endBackground();
  });
});

describe('what is enforced', () => {
  it('stands while the engine is killed, and is followed up by the next one', async () => {
    await set(denyIngress);
    await reach([WEB], []);
    for (let kills = 0; kills < 3; kills++) {
      const before = await run('pgrep -x ckx-netpol');
      await run(`kill -KILL ${before}`);
      expect(await world.reached([WEB, 'node > web:80'])).toEqual(['node > web:80']);
      await until(world.node, `pgrep -x ckx-netpol | grep -vx ${before}`, 20_000);
      expect(await world.reached([WEB, 'node > web:80'])).toEqual(['node > web:80']);
    }
    await run('kubectl delete networkpolicies -A --all');
    await reach([WEB], [WEB]);
  });

  it('stands while the API server is away, and changes are followed when it is back', async () => {
    await set(denyIngress);
    await reach([WEB], []);
    await run('kill -KILL $(pgrep -x kube-apiserver)');
    expect(await world.reached([WEB, 'node > web:80'])).toEqual(['node > web:80']);
    await until(world.node, '[ "$(kubectl get --raw /readyz)" = ok ]', 90_000);
    await run('kubectl delete networkpolicies -A --all');
    await reach([WEB], [WEB]);
  });

  it('takes little memory, and gives the node no right to read more than before', async () => {
    const kilobytes = Number(await run("awk '/VmRSS/ {print $2}' /proc/$(pgrep -x ckx-netpol)/status"));
    expect(kilobytes).toBeLessThan(MAX_MEMORY_KB);
    const asked = await inside(world.node, 'kubectl --kubeconfig /etc/kubernetes/kubelet.conf get networkpolicies -A');
    expect(asked.output).toContain('forbidden');
  });

  it('is enforced again after the node was killed and started', async () => {
    await set(denyIngress);
    await reach([WEB], []);
    await killAndStart(world.node);
    await until(world.node, 'ckx-health workloads', BOOT_MS);
    world = await vi.waitFor(() => World.build(world.node), { timeout: BOOT_MS, interval: 1_000 });
    const probes = [WEB, 'client > dns:53/udp', 'node > web:80'];
    await reach(probes, probes.slice(1));
    await run('kubectl delete networkpolicies -A --all');
    await reach(probes, probes);
  });
});
