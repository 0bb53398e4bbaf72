/** Pods that talk to each other on one node, and the question who reaches whom. */
import type Docker from 'dockerode';
import { inside, until } from '../support.ts';

const HTTP = `for port in 80 8080 8085 8090 8091; do echo "server { listen $port; return 200 ok; }"; done > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'`;

const namespace = (name: string, labels: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** A pod without anything to wait for at its end. */
export const pod = (space: string, name: string, labels: Readonly<Record<string, string>>, spec: object = {}, container: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: space, name, labels },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '100000'], ...container }],
    ...spec,
  },
});

const service = (name: string, port: number, targetPort: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name },
  spec: { selector: { app: 'web' }, ports: [{ port, targetPort }] },
});

const ports = [
  { name: 'http', containerPort: 80 },
  { name: 'voice', containerPort: 9053, protocol: 'UDP' },
];
const WORLD = [
  namespace('shop', { team: 'shop' }),
  namespace('partner', { team: 'partner' }),
  pod('shop', 'web', { app: 'web', tier: 'front' }, {}, { image: 'nginx:1.27', command: ['sh', '-c', HTTP], ports }),
  pod('shop', 'client', { app: 'client', tier: 'back' }),
  pod('shop', 'other', { app: 'other' }),
  pod('partner', 'client', { app: 'client' }),
  pod('partner', 'other', { app: 'other' }),
  pod('shop', 'host', { app: 'host' }, { hostNetwork: true }, { command: ['httpd', '-f', '-p', '8888'] }),
  service('web', 80, 80),
  service('shift', 8000, 8080),
];

/** What listens beside nginx: in which pod, and what socat is told. */
const LISTENERS = [
  ['shop/web', 'UDP-RECVFROM:9053,fork', 'EXEC:cat'],
  ['shop/web', 'TCP-LISTEN:9053,fork,reuseaddr', 'EXEC:cat'],
  ['shop/client', 'TCP-LISTEN:7000,fork,reuseaddr', 'EXEC:cat'],
  ['shop/other', 'TCP-LISTEN:7000,fork,reuseaddr', 'EXEC:cat'],
] as const;

/** A question to CoreDNS, for `kubernetes.default.svc.cluster.local`; echoes answer it as well. */
const DATAGRAM = String.raw`\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0akubernetes\x07default\x03svc\x07cluster\x05local\x00\x00\x01\x00\x01`;

const PROBES = String.raw`
tcp() { $1 socat -u OPEN:/dev/null TCP:$2:$3,connect-timeout=1 2>/dev/null; }
udp() { [ -n "$(printf '${DATAGRAM}' | $1 socat -T1 -t1 - UDP:$2:$3 2>/dev/null | tr '\0' .)" ]; }
`;

export class World {
  readonly node: Docker.Container;
  /** Addresses by name: `shop/web`, `web.service`, `dns`, `node`. */
  readonly addresses: Readonly<Record<string, string>>;
  private readonly namespaces: Readonly<Record<string, string>>;

  private constructor(node: Docker.Container, addresses: Readonly<Record<string, string>>, namespaces: Readonly<Record<string, string>>) {
    this.node = node;
    this.addresses = addresses;
    this.namespaces = namespaces;
  }

  static async build(node: Docker.Container): Promise<World> {
    await apply(node, WORLD);
    await until(
      node,
      'kubectl -n shop wait pod --all --for=condition=Ready && kubectl -n partner wait pod --all --for=condition=Ready',
      90_000,
    );
    const world = await World.find(node);
    for (const [name, from, to] of LISTENERS)
      await ok(node, `setsid ${world.in(name)} socat ${from} ${to} > /dev/null 2>&1 < /dev/null & sleep 0.1`);
    return world;
  }

  /** Reads where everything is. */
  private static async find(node: Docker.Container): Promise<World> {
    const at = (fields: string) => `jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name}=${fields}{"\\n"}{end}'`;
    const lines = await ok(
      node,
      `kubectl get pods -A -o ${at('{.status.podIP}')}; kubectl -n shop get services -o ${at('{.spec.clusterIP}')} | sed 's#^shop/##; s#=#.service=#'`,
    );
    const addresses = { ...pairs(lines), node: await ok(node, 'hostname -i'), dns: '10.43.0.10' };
    const networks =
      'for n in /run/netns/*; do echo "$(nsenter --net=$n ip -4 -o addr show eth0 | sed -E "s/.*inet ([0-9.]+).*/\\1/")=$n"; done';
    return new World(node, addresses, pairs(await ok(node, networks)));
  }

  /** How to run a program in a pod's network. */
  in(name: string): string {
    if (name === 'node') return '';
    return `nsenter --net=${required(this.namespaces, this.address(name))}`;
  }

  address(name: string): string {
    return this.addresses[name] ?? required(this.addresses, `shop/${name}`);
  }

  /**
   * Which of these get through; all are tried at once.
   *
   * @param probes like `client > web:80` or `partner/client > web:9053/udp`; without a namespace it is shop.
   */
  async reached(probes: readonly string[]): Promise<string[]> {
    const calls = probes.map((probe, index) => `{ ${this.call(probe)} && echo ${index}; } &`);
    const said = await ok(this.node, `${PROBES}${calls.join('\n')}\nwait`);
    const numbers = new Set(said.match(/\d+/g));
    return probes.filter((_, index) => numbers.has(String(index)));
  }

  private call(probe: string): string {
    const [, from, to, port, udp] = /^(\S+) > (\S+):(\d+)(\/udp)?$/.exec(probe) ?? [];
    if (from === undefined || to === undefined) throw new Error(`No probe: ${probe}`);
    const where = this.in(this.addresses[from] === undefined ? `shop/${from}` : from);
    return `${udp === undefined ? 'tcp' : 'udp'} "${where}" ${this.address(to)} ${port}`;
  }

  /** Starts what goes on until `endBackground`. */
  async background(script: string): Promise<void> {
    // The shell must not end, and hang up, before it is on its own.
    await ok(this.node, `setsid bash -c '${script}' > /dev/null 2>&1 < /dev/null & echo $! > /tmp/background; sleep 0.3; kill -0 $!`);
  }

  async endBackground(): Promise<void> {
    await inside(this.node, 'kill -KILL -- -$(cat /tmp/background)');
  }
}

/** @throws with what was said, where a script fails. */
export async function ok(node: Docker.Container, script: string): Promise<string> {
  const { code, output } = await inside(node, script);
  if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${output}`);
  return output;
}

export function apply(node: Docker.Container, items: readonly object[]): Promise<string> {
  return ok(node, `kubectl apply -f - <<'EOF'\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items })}\nEOF`);
}

function pairs(lines: string): Record<string, string> {
  return Object.fromEntries(lines.split('\n').map((line): [string, string] => [line.split('=')[0] ?? '', line.split('=')[1] ?? '']));
}

function required(entries: Readonly<Record<string, string>>, name: string): string {
  const found = entries[name];
  if (found === undefined) throw new Error(`No ${name} among ${Object.keys(entries).join(', ')}.`);
  return found;
}
