/** The objects of a question's namespace, as evidence. */
import { CkxError, hasCluster, namespaceOf, type GradedQuestion } from '@ckx/contracts';
import type { PackQuestion } from '@ckx/lab-packs';
import { ASK } from './ask.ts';
import type { EvidenceDependencies } from './evidence.ts';
import type { CheckPlace } from './run-checks.ts';

/** Of the YAML; its end is left out. */
const LIMIT_BYTES = 256 * 1024;
const TIMEOUT_MS = 15_000;

/** In the order in which they are shown; those of which there are none take no room. */
const KINDS = [
  ...['pods', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'persistentvolumeclaims', 'resourcequotas', 'limitranges'].map(
    (kind) => `api/v1 ${kind}`,
  ),
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((kind) => `apis/apps/v1 ${kind}`),
  ...['jobs', 'cronjobs'].map((kind) => `apis/batch/v1 ${kind}`),
  'apis/autoscaling/v2 horizontalpodautoscalers',
  ...['ingresses', 'networkpolicies'].map((kind) => `apis/networking.k8s.io/v1 ${kind}`),
  ...['roles', 'rolebindings'].map((kind) => `apis/rbac.authorization.k8s.io/v1 ${kind}`),
  'apis/policy/v1 poddisruptionbudgets',
];
/** Those that only clusters with the addon know. */
const GATEWAY_KINDS = [
  ...['gateways', 'httproutes'].map((kind) => `apis/gateway.networking.k8s.io/v1 ${kind}`),
  'apis/gateway.networking.k8s.io/v1beta1 referencegrants',
];

/**
 * As kubectl would show them: an API server's list names the kind of its items once. Of a secret only what it is called and which keys it has; an
 * annotation of kubectl's holds all that was applied, data and all.
 */
const SHOWN = `.apiVersion as $version | (.kind | rtrimstr("List")) as $kind | .items[]? | {apiVersion: $version, kind: $kind} + .
  | del(.metadata.managedFields)
  | if $kind == "Secret" then
      del(.stringData, .metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"])
      | if .data then .data |= map_values("(left out)") else . end
    else . end`;

/** $1 the namespace, $2 how many bytes, then the kinds, each with its group. */
const COLLECT = `set -o pipefail
${ASK}
paths=()
for kind in "\${@:3}"; do paths+=("/\${kind% *}/namespaces/$1/\${kind#* }"); done
found=$run/ckx-objects-$1
ask "\${paths[@]}" | jq -cs '{items: map(${SHOWN})}' | yq -p json -o yaml '.items[] | split_doc' > "$found" || exit 1
head -c "$2" "$found"`;

/**
 * Reads them once, and hands them in as a blob.
 *
 * @returns undefined where the question has no namespace; in a node that is shared it is the session's. @throws CkxError operational `OBJECTS_UNREADABLE`; whatever handing in throws.
 */
export async function collectObjects(
  { provider, spec, role, signal }: CheckPlace,
  view: PackQuestion['view'],
  { keepEvidence }: EvidenceDependencies,
): Promise<GradedQuestion['objects']> {
  const namespace = spec.needs.cluster === 'namespace' ? namespaceOf(spec.examSessionId) : view.namespace;
  if (namespace === undefined || !hasCluster(spec.needs)) return undefined;
  const kinds = spec.needs.addons.includes('gateway') ? [...KINDS, ...GATEWAY_KINDS] : KINDS;
  const command = ['bash', '-c', COLLECT, 'ckx-objects', namespace, String(LIMIT_BYTES), ...kinds];
  const execution = { command, timeoutMs: TIMEOUT_MS, outputLimitBytes: 4 * LIMIT_BYTES };
  const { exitCode, stdout, stderr } = await provider.exec(spec, role, execution, signal);
  if (exitCode !== 0) throw new CkxError('operational', 'OBJECTS_UNREADABLE', `The objects were not read: ${stderr.trim().slice(-300)}`);
  const cut = Buffer.byteLength(stdout) >= LIMIT_BYTES;
  // Half a character, or half a line, at the end says nothing.
  const text = cut ? stdout.slice(0, stdout.lastIndexOf('\n') + 1) : stdout;
  return { namespace, blob: await keepEvidence(text.replaceAll('\0', '')), cut };
}
