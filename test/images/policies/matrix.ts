/** The written matrix: under these policies, these probes get through and those do not. */

export interface Row {
  readonly title: string;
  /** Specs of policies of the namespace shop. @param address of a pod, by its name */
  readonly policies: (address: (name: string) => string) => readonly object[];
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

const ALL = {};
const app = (name: string) => ({ matchLabels: { app: name } });
const team = (name: string) => ({ matchLabels: { team: name } });
const expression = (key: string, operator: string, ...values: readonly string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});

export const denyIngress = { podSelector: ALL, policyTypes: ['Ingress'] };
const denyEgress = { podSelector: ALL, policyTypes: ['Egress'] };
/** Of the web server. @param from peers */
const toWeb = (from: readonly object[], ports?: readonly object[]) => ({
  podSelector: app('web'),
  ingress: [{ from, ...(ports && { ports }) }],
});
const webPorts = (...ports: readonly object[]) => ({ podSelector: app('web'), ingress: [{ ports }] });
const fromClient = (...egress: readonly object[]) => ({ podSelector: app('client'), policyTypes: ['Egress'], egress });
const dns = {
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
  ports: [{ protocol: 'UDP', port: 53 }],
};

export const MATRIX: readonly Row[] = [
  {
    title: 'no policy: everybody reaches everything',
    policies: () => [],
    allowed: [
      'client > web:80',
      'partner/other > web:8080',
      'client > web:9053/udp',
      'client > web.service:80',
      'web > web.service:80',
      'client > dns:53/udp',
      'node > web:80',
      'client > node:22',
      'other > client:7000',
    ],
    denied: [],
  },
  {
    title: 'default deny of ingress: only the node, oneself, and the other way',
    policies: () => [denyIngress],
    allowed: ['node > web:80', 'web > web:80', 'web > web.service:80', 'client > dns:53/udp', 'client > node:22', 'client > node:8888'],
    denied: ['client > web:80', 'client > web.service:80', 'client > web:9053/udp', 'partner/client > web:80', 'web > client:7000'],
  },
  {
    title: 'default deny of egress: no DNS, no pod, but the node and whatever comes in',
    policies: () => [denyEgress],
    allowed: [
      'partner/client > web:80',
      'partner/client > client:7000',
      'client > node:22',
      'partner/client > dns:53/udp',
      'node > web:80',
    ],
    denied: ['client > dns:53/udp', 'client > dns:53', 'client > web:80', 'client > web.service:80', 'web > client:7000'],
  },
  {
    title: 'a pod by label: of the own namespace only',
    policies: () => [toWeb([{ podSelector: app('client') }])],
    allowed: ['client > web:80', 'client > web.service:80', 'client > web:9053/udp', 'node > web:80', 'other > client:7000'],
    denied: ['other > web:80', 'other > web.service:80', 'partner/client > web:80'],
  },
  {
    title: 'a pod by expression: In',
    policies: () => [toWeb([{ podSelector: expression('app', 'In', 'client', 'nobody') }])],
    allowed: ['client > web:80'],
    denied: ['other > web:80', 'partner/client > web:80'],
  },
  {
    title: 'a pod by expression: NotIn, which holds for who has no such label',
    policies: () => [toWeb([{ podSelector: expression('tier', 'NotIn', 'back') }])],
    allowed: ['other > web:80'],
    denied: ['client > web:80'],
  },
  {
    title: 'a pod by expression: Exists',
    policies: () => [toWeb([{ podSelector: expression('tier', 'Exists') }])],
    allowed: ['client > web:80'],
    denied: ['other > web:80'],
  },
  {
    title: 'a pod by expression: DoesNotExist; and the isolated pods by expression too',
    policies: () => [
      { podSelector: expression('tier', 'In', 'front'), ingress: [{ from: [{ podSelector: expression('tier', 'DoesNotExist') }] }] },
    ],
    allowed: ['other > web:80', 'other > client:7000'],
    denied: ['client > web:80'],
  },
  {
    title: 'a namespace by label: all its pods, and none of the own',
    policies: () => [toWeb([{ namespaceSelector: team('partner') }])],
    allowed: ['partner/client > web:80', 'partner/other > web:80'],
    denied: ['client > web:80', 'other > web:80'],
  },
  {
    title: 'every namespace',
    policies: () => [toWeb([{ namespaceSelector: ALL }])],
    allowed: ['partner/client > web:80', 'client > web:80', 'other > web.service:80'],
    denied: [],
  },
  {
    title: 'namespace and pod in one peer: both must hold',
    policies: () => [toWeb([{ namespaceSelector: team('partner'), podSelector: app('client') }])],
    allowed: ['partner/client > web:80'],
    denied: ['partner/other > web:80', 'client > web:80', 'other > web:80'],
  },
  {
    title: 'namespace and pod as two peers: one is enough',
    policies: () => [toWeb([{ namespaceSelector: team('partner') }, { podSelector: app('client') }])],
    allowed: ['partner/client > web:80', 'partner/other > web:80', 'client > web:80'],
    denied: ['other > web:80'],
  },
  {
    title: 'a port by number',
    policies: () => [webPorts({ port: 8080 })],
    allowed: ['client > web:8080', 'partner/other > web:8080', 'client > shift.service:8000'],
    denied: ['client > web:80', 'client > web:8085', 'client > web:9053/udp'],
  },
  {
    title: 'a port by name, in the pod that is talked to',
    policies: () => [webPorts({ port: 'http' })],
    allowed: ['client > web:80', 'client > web.service:80'],
    denied: ['client > web:8080', 'client > web:9053/udp'],
  },
  {
    title: 'a range of ports',
    policies: () => [webPorts({ port: 8080, endPort: 8090 })],
    allowed: ['client > web:8080', 'client > web:8085', 'client > web:8090'],
    denied: ['client > web:80', 'client > web:8091'],
  },
  {
    title: 'peers and ports of one rule: both must hold',
    policies: () => [toWeb([{ podSelector: app('client') }], [{ port: 80 }, { port: 9053, protocol: 'UDP' }])],
    allowed: ['client > web:80', 'client > web:9053/udp'],
    denied: ['other > web:80', 'client > web:8080', 'other > web:9053/udp', 'client > web:9053'],
  },
  {
    title: 'UDP by number: not TCP of the same number',
    policies: () => [webPorts({ port: 9053, protocol: 'UDP' })],
    allowed: ['client > web:9053/udp'],
    denied: ['client > web:9053', 'client > web:80'],
  },
  {
    title: 'UDP by name',
    policies: () => [webPorts({ port: 'voice', protocol: 'UDP' })],
    allowed: ['client > web:9053/udp'],
    denied: ['client > web:9053', 'client > web:80'],
  },
  {
    title: 'TCP by number: not UDP of the same number; a protocol alone means all its ports',
    policies: () => [webPorts({ protocol: 'TCP' })],
    allowed: ['client > web:9053', 'client > web:80'],
    denied: ['client > web:9053/udp'],
  },
  {
    title: 'a block of addresses with an exception',
    policies: (address) => [toWeb([{ ipBlock: { cidr: '10.42.0.0/16', except: [`${address('other')}/32`] } }])],
    allowed: ['client > web:80', 'partner/other > web:80'],
    denied: ['other > web:80'],
  },
  {
    title: 'a block of addresses for egress, with an exception',
    policies: (address) => [fromClient({ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [`${address('web')}/32`] } }] })],
    allowed: ['client > other:7000', 'client > dns:53/udp', 'other > web:80'],
    denied: ['client > web:80', 'client > web.service:80'],
  },
  {
    title: 'several policies: what one of them allows is allowed',
    policies: () => [
      denyIngress,
      toWeb([{ podSelector: app('client') }]),
      toWeb([{ namespaceSelector: team('partner') }], [{ port: 8080 }]),
    ],
    allowed: ['client > web:80', 'client > web:8080', 'partner/other > web:8080'],
    denied: ['other > web:80', 'partner/other > web:80', 'other > client:7000'],
  },
  {
    title: 'egress to a Service: by the pods behind it, and DNS beside it',
    policies: () => [denyEgress, fromClient({ to: [{ podSelector: app('web') }], ports: [{ port: 80 }] }, dns)],
    allowed: ['client > web.service:80', 'client > web:80', 'client > dns:53/udp'],
    denied: ['client > shift.service:8000', 'client > web:8080', 'client > other:7000', 'client > dns:53', 'other > web:80'],
  },
  {
    title: 'egress to a Service: the port is the pod’s, not the Service’s',
    policies: () => [fromClient({ ports: [{ port: 8080 }] })],
    allowed: ['client > shift.service:8000'],
    denied: ['client > web.service:80'],
  },
  {
    title: 'egress to a port by name, in the pod that is talked to',
    policies: () => [fromClient({ ports: [{ port: 'http' }] })],
    allowed: ['client > web:80', 'client > web.service:80'],
    denied: ['client > web:8080', 'client > other:7000'],
  },
  {
    title: 'egress and ingress: both sides must allow it',
    policies: () => [fromClient({ to: [{ podSelector: app('web') }] }), toWeb([{ podSelector: app('other') }])],
    allowed: ['other > web:80'],
    denied: ['client > web:80', 'client > other:7000'],
  },
  {
    title: 'no policyTypes, rules for ingress only: egress stays open',
    policies: () => [{ podSelector: app('web'), ingress: [] }],
    allowed: ['web > client:7000'],
    denied: ['client > web:80'],
  },
  {
    title: 'no policyTypes, rules for egress only: ingress is denied too',
    policies: () => [{ podSelector: app('client'), egress: [{ to: [{ podSelector: app('web') }] }] }],
    allowed: ['client > web:80'],
    denied: ['client > other:7000', 'other > client:7000'],
  },
  {
    title: 'policyTypes Egress alone: ingress stays open',
    policies: () => [fromClient()],
    allowed: ['other > client:7000'],
    denied: ['client > web:80'],
  },
  {
    title: 'an empty rule allows all, whatever another denies',
    policies: () => [denyIngress, { podSelector: app('web'), ingress: [{}] }],
    allowed: ['client > web:80', 'partner/other > web:9053/udp'],
    denied: ['other > client:7000'],
  },
  {
    title: 'a policy for pods that do not exist changes nothing',
    policies: () => [{ podSelector: app('nobody'), policyTypes: ['Ingress', 'Egress'] }],
    allowed: ['client > web:80', 'client > dns:53/udp'],
    denied: [],
  },
  {
    title: 'pods in the network of their node are exempt',
    policies: () => [{ podSelector: app('host'), policyTypes: ['Ingress', 'Egress'] }],
    allowed: ['client > node:8888', 'partner/client > node:8888', 'node > web:80'],
    denied: [],
  },
];

/** @param specs of policies of the namespace shop. */
export function policiesOf(specs: readonly object[]): object[] {
  return specs.map((spec, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${index}`, namespace: 'shop' },
    spec,
  }));
}
