/** Images that a node has from birth, by their full names: those that images/workloads/compose.sh composes. A test compares. */
export const IMAGES_FROM_BIRTH: ReadonlySet<string> = new Set([
  'docker.io/curlimages/curl:8.10.1',
  'docker.io/curlimages/curl:latest',
  'docker.io/library/busybox:1.36',
  'docker.io/library/busybox:latest',
  'docker.io/library/debian:bookworm-slim',
  'docker.io/library/nginx:1.27',
  'docker.io/library/nginx:1.27-alpine',
  'docker.io/library/nginx:1.28',
  'docker.io/library/nginx:alpine',
  'docker.io/library/nginx:latest',
  'docker.io/library/nginx:stable',
  'docker.io/rancher/local-path-provisioner:v0.0.30',
  'registry.k8s.io/coredns/coredns:v1.12.1',
  'registry.k8s.io/etcd:3.6.5-0',
  'registry.k8s.io/kube-apiserver:v1.34.4',
  'registry.k8s.io/kube-controller-manager:v1.34.4',
  'registry.k8s.io/kube-proxy:v1.34.4',
  'registry.k8s.io/kube-scheduler:v1.34.4',
  'registry.k8s.io/pause:3.10',
  'registry.k8s.io/pause:3.10.1',
]);

/** Hosts whose pages candidates of the real exams may read, and those of the tools of the other labs. */
export const DOCUMENTATION_HOSTS: ReadonlySet<string> = new Set([
  'kubernetes.io',
  'helm.sh',
  'gateway-api.sigs.k8s.io',
  'kustomize.io',
  'kubectl.docs.kubernetes.io',
  'kubernetes.github.io',
  'etcd.io',
  'falco.org',
  'docs.cilium.io',
  'istio.io',
  'docs.docker.com',
]);
