/** What is made for a session in the node that is shared: its namespace, the bounds of it, and who may do what. */
import { NAMESPACES_PER_NODE, namespaceOf, type EnvironmentSpec } from '@ckx/contracts';
import type { KubernetesObject } from '@kubernetes/client-node';
import { LABEL } from '../naming.ts';

/** Accounts of setup and grading are here, where no candidate can ask for their tokens. */
export const ACCOUNTS = 'ckx-accounts';

/** Every account of it. */
const ACCOUNTS_GROUP = `system:serviceaccounts:${ACCOUNTS}`;

/** The candidate's account, in the session's namespace. */
export const CANDIDATE = 'candidate';

type Plain = KubernetesObject & Readonly<Record<string, unknown>>;

const RBAC = 'rbac.authorization.k8s.io';
const object = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string): Plain => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  ...rest,
});
const toRole = (kind: 'Role' | 'ClusterRole', name: string) => ({ apiGroup: RBAC, kind, name });
const READ = ['get', 'list', 'watch'];
const ALL = [...READ, 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** For the whole node, the same for all of its sessions. */
export function commonObjects(): readonly Plain[] {
  const group = [{ apiGroup: RBAC, kind: 'Group', name: ACCOUNTS_GROUP }];
  return [
    object('v1', 'Namespace', ACCOUNTS),
    object(`${RBAC}/v1`, 'ClusterRole', ACCOUNTS, {
      rules: [
        { apiGroups: [''], resources: ['nodes', 'namespaces'], verbs: READ },
        { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: READ },
        // Which start of the API server answers, and whether its node was heard of lately: the grader waits for a cluster at rest.
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: READ },
      ],
    }),
    object(`${RBAC}/v1`, 'ClusterRoleBinding', ACCOUNTS, { roleRef: toRole('ClusterRole', ACCOUNTS), subjects: group }),
    ...refusal(
      'ckx-external-ips',
      { apiGroups: [''], resources: ['services'], operations: ['CREATE', 'UPDATE'] },
      '!has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0',
      'A Service in a shared cluster has no externalIPs: they could be addresses of others.',
    ),
    ...refusal(
      'ckx-network-policies',
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], operations: ['*'] },
      'false',
      'NetworkPolicies in a shared cluster are not changed: they keep its sessions from each other.',
    ),
    ...refusal(
      'ckx-bindings',
      { apiGroups: [RBAC], resources: ['roles', 'rolebindings'], operations: ['UPDATE', 'DELETE'] },
      "!oldObject.metadata.name.startsWith('ckx-')",
      'What begins with ckx- is not changed.',
    ),
  ];
}

/** Whoever acts for a session: its candidate, what runs in its pods, its setup and its grading. The node's own controllers do not. */
const BY_A_SESSION = `request.userInfo.groups.exists(g, g.startsWith('system:serviceaccounts:exam-') || g == '${ACCOUNTS_GROUP}')`;

function refusal(
  name: string,
  what: { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly operations: readonly string[] },
  expression: string,
  message: string,
): readonly Plain[] {
  const api = 'admissionregistration.k8s.io/v1';
  return [
    object(api, 'ValidatingAdmissionPolicy', name, {
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [{ ...what, apiVersions: ['*'] }] },
        matchConditions: [{ name: 'by-a-session', expression: BY_A_SESSION }],
        validations: [{ expression, message }],
      },
    }),
    object(api, 'ValidatingAdmissionPolicyBinding', name, { spec: { policyName: name, validationActions: ['Deny'] } }),
  ];
}

/** The namespace itself, which all that is in it comes after. */
export function namespaceObject({ examSessionId, executionEnvironmentId }: EnvironmentSpec): Plain {
  const { metadata, ...namespace } = object('v1', 'Namespace', namespaceOf(examSessionId));
  const labels = {
    [LABEL.environment]: executionEnvironmentId,
    [LABEL.session]: examSessionId,
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  };
  return { ...namespace, metadata: { ...metadata, labels } };
}

/** Processor of the node that is left to pods, and memory, when its own parts have theirs (images/node). Thousandths; MiB. */
const FOR_PODS = { cpuMillis: 1_200, memoryMib: 2_400, pods: 96 };

/**
 * Requests are promises that all namespaces can call in at once; limits are more than that, as long as neighbours do not. No volumes: their disk has
 * no bound. No ports of the node: nobody reaches them.
 */
const QUOTA = {
  'requests.cpu': `${FOR_PODS.cpuMillis / NAMESPACES_PER_NODE}m`,
  'limits.cpu': '2',
  'requests.memory': `${FOR_PODS.memoryMib / NAMESPACES_PER_NODE}Mi`,
  'limits.memory': `${(2 * FOR_PODS.memoryMib) / NAMESPACES_PER_NODE}Mi`,
  'limits.ephemeral-storage': '1Gi',
  pods: `${FOR_PODS.pods / NAMESPACES_PER_NODE}`,
  persistentvolumeclaims: '0',
  services: '20',
  'services.nodeports': '0',
  'services.loadbalancers': '0',
  // What fills the store of all.
  configmaps: '40',
  secrets: '40',
  'count/serviceaccounts': '20',
  'count/deployments.apps': '20',
  'count/replicasets.apps': '60',
  'count/statefulsets.apps': '10',
  'count/daemonsets.apps': '10',
  'count/jobs.batch': '40',
  'count/cronjobs.batch': '10',
  'count/ingresses.networking.k8s.io': '10',
  'count/horizontalpodautoscalers.autoscaling': '10',
  'count/poddisruptionbudgets.policy': '10',
  'count/roles.rbac.authorization.k8s.io': '20',
  'count/rolebindings.rbac.authorization.k8s.io': '20',
  replicationcontrollers: '10',
};

const CONTAINER = {
  defaultRequest: { cpu: '10m', memory: '25Mi', 'ephemeral-storage': '16Mi' },
  default: { cpu: '250m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
};

/** What is in the namespace, and the account of setup and grading. */
export function objectsIn({ examSessionId }: EnvironmentSpec): readonly Plain[] {
  const namespace = namespaceOf(examSessionId);
  const own = { podSelector: {} };
  const dns = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  const questions = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 }));
  const account = (name: string, at: string) => [{ kind: 'ServiceAccount', name, namespace: at }];
  return [
    object('v1', 'ResourceQuota', 'ckx-bounds', { spec: { hard: QUOTA } }, namespace),
    // Pods of these classes would have those of neighbours make way.
    object(
      'v1',
      'ResourceQuota',
      'ckx-no-critical-pods',
      {
        spec: {
          hard: { pods: '0' },
          scopeSelector: {
            matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical', 'system-cluster-critical'] }],
          },
        },
      },
      namespace,
    ),
    object('v1', 'LimitRange', 'ckx-bounds', { spec: { limits: [{ type: 'Container', ...CONTAINER }] } }, namespace),
    object(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      'ckx-walls',
      {
        spec: {
          ...own,
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [own] }],
          egress: [{ to: [own] }, { to: [dns], ports: questions }],
        },
      },
      namespace,
    ),
    object('v1', 'ServiceAccount', CANDIDATE, {}, namespace),
    object(`${RBAC}/v1`, 'Role', 'ckx-candidate', { rules: CANDIDATE_MAY }, namespace),
    object(
      `${RBAC}/v1`,
      'RoleBinding',
      'ckx-candidate',
      { roleRef: toRole('Role', 'ckx-candidate'), subjects: account(CANDIDATE, namespace) },
      namespace,
    ),
    object('v1', 'ServiceAccount', namespace, {}, ACCOUNTS),
    object(
      `${RBAC}/v1`,
      'RoleBinding',
      'ckx-platform',
      { roleRef: toRole('ClusterRole', 'admin'), subjects: account(namespace, ACCOUNTS) },
      namespace,
    ),
  ];
}

const may = (apiGroups: readonly string[], verbs: readonly string[], ...resources: readonly string[]) => ({ apiGroups, resources, verbs });

/** The usual verbs on the usual kinds. No `escalate`, `bind` or `impersonate`; bounds and walls are there to be read. */
const CANDIDATE_MAY = [
  may([''], ALL, 'pods', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'replicationcontrollers', 'replicationcontrollers/scale'),
  may([''], [...READ, 'create'], 'pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'services/proxy'),
  may([''], ['create'], 'pods/eviction', 'serviceaccounts/token'),
  may([''], ['get', 'update', 'patch'], 'pods/ephemeralcontainers', 'pods/resize'),
  may([''], READ, 'pods/log', 'pods/status', 'events', 'endpoints', 'persistentvolumeclaims', 'resourcequotas', 'limitranges'),
  may([''], ['get'], 'namespaces'),
  may(['apps'], ALL, 'deployments', 'statefulsets', 'daemonsets', 'replicasets'),
  may(['apps'], [...READ, 'update', 'patch'], 'deployments/scale', 'statefulsets/scale', 'replicasets/scale'),
  may(['apps'], READ, 'controllerrevisions', 'deployments/status', 'statefulsets/status', 'daemonsets/status', 'replicasets/status'),
  may(['batch'], ALL, 'jobs', 'cronjobs'),
  may(['autoscaling'], ALL, 'horizontalpodautoscalers'),
  may(['policy'], ALL, 'poddisruptionbudgets'),
  may(['networking.k8s.io'], ALL, 'ingresses'),
  may(['networking.k8s.io'], READ, 'networkpolicies'),
  may([RBAC], ALL, 'roles', 'rolebindings'),
  may(['discovery.k8s.io'], READ, 'endpointslices'),
  may(['events.k8s.io'], READ, 'events'),
];
