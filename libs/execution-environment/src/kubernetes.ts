/** What a booting cluster is waited for, through the API server: watches, no sleeps, no shelled-out client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dumpYaml, Health, KubeConfig, loadYaml, Watch } from '@kubernetes/client-node';
import { z } from 'zod';

const RETRY_MS = 150;

const Kubeconfig = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.url() }) })]),
  users: z.tuple([z.looseObject({ user: z.looseObject({ 'client-key-data': z.string() }) })]),
});

/**
 * A node's kubeconfig (YAML) with another address for the API server, whose certificate is checked against the name it has inside.
 *
 * @returns YAML, or null where the text is no whole kubeconfig: kubeadm is still writing it.
 */
export function relocateKubeconfig(text: string, server: string, serverName: string): string | null {
  const { data } = Kubeconfig.safeParse(parseYaml(text));
  if (data === undefined) return null;
  const [{ cluster }] = data.clusters;
  cluster.server = server;
  if (new URL(server).hostname !== serverName) cluster['tls-server-name'] = serverName;
  return dumpYaml(data);
}

function parseYaml(text: string): unknown {
  try {
    return loadYaml(text);
  } catch {
    return null;
  }
}

export function openKubeconfig(yaml: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(yaml);
  return config;
}

/** Returns when the API server says that it is ready. */
export async function untilApiReady(config: KubeConfig, signal: AbortSignal): Promise<void> {
  const health = new Health(config);
  for (;;) {
    signal.throwIfAborted();
    const ready = await health.readyz({ signal }).catch(() => false);
    if (ready) return;
    await sleep(RETRY_MS, undefined, { signal });
  }
}

const Named = z.object({ metadata: z.object({ name: z.string() }) });
type Named = z.infer<typeof Named>;
const WithConditions = z.object({ status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }) });

/** True where an object's condition `Ready` is `True`: nodes and pods alike. */
export function isReady(object: unknown): boolean {
  const parsed = WithConditions.safeParse(object);
  return parsed.success && parsed.data.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/**
 * Watches a collection until `enough` says so. A watch that ends is begun again: the API server of a booting node restarts now and
 * then.
 */
async function untilObjects(
  config: KubeConfig,
  path: string,
  query: Readonly<Record<string, string>>,
  enough: (objects: ReadonlyMap<string, Named>) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await watchOnce(config, path, query, enough, signal)) return;
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** One watch, from the present state on: true when there was enough, false when the watch ended before. */
async function watchOnce(
  config: KubeConfig,
  path: string,
  query: Readonly<Record<string, string>>,
  enough: (objects: ReadonlyMap<string, Named>) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const objects = new Map<string, Named>();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onEvent = (type: string, object: unknown) => {
    const named = Named.loose().safeParse(object);
    if (!named.success) return;
    if (type === 'DELETED') objects.delete(named.data.metadata.name);
    else objects.set(named.data.metadata.name, named.data);
    if (enough(objects)) resolve(true);
  };
  const watch = await new Watch(config).watch(path, query, onEvent, () => resolve(false));
  const stop = () => resolve(false);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    watch.abort();
  }
}

/** Returns when the named nodes are all Ready and the account that new pods need exists: from here on pods can be made. */
export async function untilNodesReady(config: KubeConfig, names: readonly string[], signal: AbortSignal): Promise<void> {
  await Promise.all([
    untilObjects(config, '/api/v1/nodes', {}, (nodes) => names.every((name) => isReady(nodes.get(name))), signal),
    untilObjects(
      config,
      '/api/v1/namespaces/default/serviceaccounts',
      { fieldSelector: 'metadata.name=default' },
      (accounts) => accounts.has('default'),
      signal,
    ),
  ]);
}

/** Returns when a pod really ran: CoreDNS answers its readiness probe. */
export async function untilWorkloadsRun(config: KubeConfig, signal: AbortSignal): Promise<void> {
  await untilObjects(
    config,
    '/api/v1/namespaces/kube-system/pods',
    { labelSelector: 'k8s-app=kube-dns' },
    (pods) => [...pods.values()].some(isReady),
    signal,
  );
}

const Lease = z.object({ spec: z.object({ renewTime: z.iso.datetime({ precision: 6 }) }) });

/** True for the lease of a node whose kubelet has spoken since then. */
export function isRenewed(lease: unknown, since: Date): boolean {
  const { data } = Lease.safeParse(lease);
  return data !== undefined && new Date(data.spec.renewTime) >= since;
}

/**
 * Returns when a node that was started anew is Ready again. What the cluster says of it at first is from before: only when its kubelet
 * has spoken since, its word counts.
 */
export async function untilNodeBack(config: KubeConfig, name: string, since: Date, signal: AbortSignal): Promise<void> {
  const lease = { fieldSelector: `metadata.name=${name}` };
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  await untilObjects(config, leases, lease, (found) => isRenewed(found.get(name), since), signal);
  await untilNodesReady(config, [name], signal);
}
