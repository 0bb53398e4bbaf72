/** The namespace of a session in the node that is shared. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CkxError, namespaceOf, type EnvironmentSpec, type ExecutionEnvironmentId } from '@ckx/contracts';
import { CoreV1Api, dumpYaml, type KubeConfig } from '@kubernetes/client-node';
import { inspect } from '../containers.ts';
import { runOwn } from '../exec.ts';
import { CONTROL_PLANE, LABEL } from '../naming.ts';
import { away, sharedCall } from './call.ts';
import { sharedConfig, sharedNode, type Finder } from './node.ts';
import { ACCOUNTS, CANDIDATE, commonObjects, namespaceObject, objectsIn } from './objects.ts';

async function openShared(finder: Finder): Promise<KubeConfig> {
  const config = await sharedConfig(finder);
  if (config === null) throw away();
  return config;
}

const AS_PLATFORM = 'export KUBECONFIG=/etc/kubernetes/super-admin.conf';

/** By the node's own kubectl: the client's types leave out what they do not know, and a policy without its peers would let everybody in. */
const APPLY = `${AS_PLATFORM}
printf %s "$1" | kubectl apply --server-side --force-conflicts --field-manager=ckx -f - >/dev/null`;

/** Makes what is missing of it; what is there is put right. @throws CkxError operational, as {@link runOwn}. */
export async function ensureNamespace(finder: Finder, spec: EnvironmentSpec, signal: AbortSignal): Promise<void> {
  const items = [...commonObjects(), namespaceObject(spec), ...objectsIn(spec)];
  await runOwn(sharedNode(finder), APPLY, [JSON.stringify({ apiVersion: 'v1', kind: 'List', items })], signal);
}

/** Longer than any session is open. The account goes with its namespace, and every token with the account. */
const TOKEN_SECONDS = 7 * 86_400;

/**
 * A kubeconfig for use inside the session's network, by way of its relay, in which the session's namespace is the usual one.
 *
 * @param holder `platform` for setup and grading: administrator of that namespace, and of no more.
 */
export async function namespaceKubeconfig(
  finder: Finder,
  { examSessionId }: EnvironmentSpec,
  holder: 'platform' | 'candidate',
): Promise<string> {
  const config = await openShared(finder);
  const core = config.makeApiClient(CoreV1Api);
  const namespace = namespaceOf(examSessionId);
  const account = holder === 'platform' ? { name: namespace, namespace: ACCOUNTS } : { name: CANDIDATE, namespace };
  const body = { spec: { audiences: [], expirationSeconds: TOKEN_SECONDS } };
  const answer = await sharedCall(() => core.createNamespacedServiceAccountToken({ ...account, body }));
  const token = answer?.status?.token;
  const authority = config.getCurrentCluster()?.caData;
  if (token === undefined || authority === undefined) throw away();
  return dumpYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'shared', cluster: { server: `https://${CONTROL_PLANE}:6443`, 'certificate-authority-data': authority } }],
    users: [{ name: holder, user: { token } }],
    contexts: [{ name: 'exam', context: { cluster: 'shared', user: holder, namespace } }],
    'current-context': 'exam',
  });
}

/** A namespace as the sweep is told of it. */
interface FoundNamespace {
  readonly name: string;
  readonly labels: Record<string, string>;
  /** Epoch milliseconds; NaN where nobody says. */
  readonly createdAt: number;
}

/** Those of sessions, of one environment where it is named. @throws CkxError `SHARED_NODE_AWAY`. */
export async function findNamespaces(finder: Finder, executionEnvironmentId?: ExecutionEnvironmentId): Promise<readonly FoundNamespace[]> {
  if ((await inspect(sharedNode(finder))) === null) return [];
  const core = (await openShared(finder)).makeApiClient(CoreV1Api);
  const labelSelector = executionEnvironmentId === undefined ? LABEL.environment : `${LABEL.environment}=${executionEnvironmentId}`;
  const found = await sharedCall(() => core.listNamespace({ labelSelector }));
  return (found?.items ?? []).map(({ metadata }) => ({
    name: metadata?.name ?? '',
    labels: metadata?.labels ?? {},
    createdAt: metadata?.creationTimestamp?.getTime() ?? Number.NaN,
  }));
}

/** How long a namespace may take to go. Its pods are given a second; what is held by finalizers, five. */
const REMOVAL_TIMEOUT_MS = 60_000;
const HELD_AFTER_MS = 5_000;
const LOOK_MS = 300;

/** A candidate may put on whatever they make a finalizer that nobody ever takes away. */
const LET_GO = `${AS_PLATFORM}
kinds=$(kubectl api-resources --namespaced --verbs=list,patch -o name | grep -v '^events' | paste -sd,)
kubectl get "$kinds" -n "$1" -o json | jq -r '.items[] | select((.metadata.finalizers // []) | length > 0)
  | .kind + (.apiVersion / "/" | if length > 1 then "." + .[1] + "." + .[0] else "" end) + "/" + .metadata.name' |
  xargs -r -n1 kubectl patch -n "$1" --type=merge -p '{"metadata":{"finalizers":null}}'`;

/**
 * Removes an environment's namespace with all that is in it; returns when it is gone, at once where there is none.
 *
 * @throws CkxError operational `NOT_REMOVED` after a minute; `SHARED_NODE_AWAY`.
 */
export async function removeNamespace(finder: Finder, executionEnvironmentId: ExecutionEnvironmentId): Promise<void> {
  const found = await findNamespaces(finder, executionEnvironmentId);
  if (found.length === 0) return;
  const core = (await openShared(finder)).makeApiClient(CoreV1Api);
  await Promise.all(found.map(({ name }) => removeOne(finder, core, name)));
}

async function removeOne(finder: Finder, core: CoreV1Api, name: string): Promise<void> {
  const account = { name, namespace: ACCOUNTS };
  await sharedCall(() => core.deleteNamespacedServiceAccount(account), [404]);
  await sharedCall(() => core.deleteNamespace({ name }), [404, 409]);
  const begunAt = performance.now();
  for (let lettingGo: Promise<unknown> | null = null; ;) {
    await sharedCall(() => core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 1 }), [404]);
    if ((await sharedCall(() => core.readNamespace({ name }), [404])) === null) return;
    const elapsedMs = performance.now() - begunAt;
    if (elapsedMs > REMOVAL_TIMEOUT_MS) throw new CkxError('operational', 'NOT_REMOVED', `The namespace ${name} does not go.`);
    if (elapsedMs > HELD_AFTER_MS && lettingGo === null) {
      lettingGo = runOwn(sharedNode(finder), LET_GO, [name], AbortSignal.timeout(REMOVAL_TIMEOUT_MS))
        .catch(() => undefined)
        .finally(() => (lettingGo = null));
    }
    await sleep(LOOK_MS);
  }
}
