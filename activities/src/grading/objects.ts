/** The objects of a question's namespace, as evidence. */
import { CkxError, nodesOf, type GradedQuestion } from '@ckx/contracts';
import type { PackQuestion } from '@ckx/lab-packs';
import type { EvidenceDependencies } from './evidence.ts';
import type { CheckPlace } from './run-checks.ts';

/** Of the YAML; its end is left out. */
const LIMIT_BYTES = 256 * 1024;
const TIMEOUT_MS = 15_000;

const KINDS = [
  'all',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'ingresses',
  'networkpolicies',
  'persistentvolumeclaims',
  'roles',
  'rolebindings',
  'resourcequotas',
  'limitranges',
  'poddisruptionbudgets',
].join();

/** Of a secret only what it is called and which keys it has. An annotation of kubectl's holds all that was applied, data and all. */
const REDACT = `.items |= map(if .kind == "Secret" then
  del(.stringData, .metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"])
  | if .data then .data |= map_values("(left out)") else . end else . end)`;

/** $1 the namespace, $2 how many bytes. */
const COLLECT = `set -o pipefail
kubectl --request-timeout=10s get ${KINDS} -n "$1" -o json | jq '${REDACT}' | yq -p json -o yaml '.items[] | split_doc' > /tmp/ckx-objects || exit 1
head -c "$2" /tmp/ckx-objects`;

/**
 * Reads them once, and hands them in as a blob.
 *
 * @returns undefined where the question has no namespace. @throws CkxError operational `OBJECTS_UNREADABLE`; whatever handing in throws.
 */
export async function collectObjects(
  { provider, spec, role, signal }: CheckPlace,
  { namespace }: PackQuestion['view'],
  { keepEvidence }: EvidenceDependencies,
): Promise<GradedQuestion['objects']> {
  if (namespace === undefined || nodesOf(spec.needs).length === 0) return undefined;
  const command = ['bash', '-c', COLLECT.replaceAll('/tmp/ckx-objects', `/tmp/ckx-objects-${namespace}`), 'ckx-objects', namespace];
  const execution = { command: [...command, String(LIMIT_BYTES)], timeoutMs: TIMEOUT_MS, outputLimitBytes: 4 * LIMIT_BYTES };
  const { exitCode, stdout, stderr } = await provider.exec(spec, role, execution, signal);
  if (exitCode !== 0) throw new CkxError('operational', 'OBJECTS_UNREADABLE', `The objects were not read: ${stderr.trim().slice(-300)}`);
  const cut = Buffer.byteLength(stdout) >= LIMIT_BYTES;
  // Half a character, or half a line, at the end says nothing.
  const text = cut ? stdout.slice(0, stdout.lastIndexOf('\n') + 1) : stdout;
  return { namespace, blob: await keepEvidence(text.replaceAll('\0', '')), cut };
}
