import type { LabCategory } from '@ckx/contracts';

const KUBERNETES = ['kubernetes.io'];
const HELM = ['helm.sh'];

/**
 * What each category's exam lets its candidates read; the first is where Firefox begins. Whole sites, by the exact name of their host: none may
 * be one on which anybody can publish.
 */
const HOSTS: Readonly<Record<LabCategory, readonly string[]>> = {
  CKAD: [...KUBERNETES, ...HELM],
  CKA: [...KUBERNETES, ...HELM, 'gateway-api.sigs.k8s.io', 'etcd.io'],
  CKS: [...KUBERNETES, ...HELM, 'etcd.io', 'falco.org', 'docs.cilium.io', 'istio.io'],
  DOCKER: ['docs.docker.com'],
  HELM: [...HELM, ...KUBERNETES],
};

/** Names of hosts, reached over HTTPS; for a category that is not known, Kubernetes' own. */
export function documentationHosts(category: LabCategory | undefined): readonly string[] {
  return category === undefined ? KUBERNETES : HOSTS[category];
}
