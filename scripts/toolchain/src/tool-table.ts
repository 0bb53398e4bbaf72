/** Every tool that CKX needs: where it is had from, and how it is built where it cannot be had. One entry each, nothing else to do. */

export interface ToolSpec {
  readonly version: string;
  /** Programs, or texts, it brings; the first is the tool's path. */
  readonly bins: readonly string[];
  /** `host`: runs on this machine. `image`: goes into container images, so always Linux, and never taken from the machine's own. */
  readonly runsOn: 'host' | 'image';
  /** How the machine's own says its version; only that exact one is used. */
  readonly machine?: { readonly program: string; readonly args: readonly string[] };
  readonly download?: (platform: Platform) => Download;
  readonly build: readonly GoBuild[];
  /** Where only tests need it; all else is got by `npm start`. */
  readonly neededBy?: 'npm test';
}

export interface Platform {
  /** As Go calls them. */
  readonly os: string;
  readonly arch: string;
}

export interface Download {
  readonly url: string;
  /** A file with the checksum: the 64 hexadecimal digits on the line that names the download, or the only ones there are. */
  readonly sha256Url: string;
  /** Folder of the programs inside the archive; a download that is no archive is the first program itself. */
  readonly folder?: string;
}

export interface GoBuild {
  /** A folder of scripts/toolchain/go, with what to build in it; or `package@version`. After a change in it the tool is another one. */
  readonly module?: string;
  /** In place of a module there: the folder, in the repository, of a program of ours. The same holds. */
  readonly sources?: string;
  readonly packages: readonly string[];
  /** In place of programs: files of the module that `packages` names, made one file, `---` between them as in YAML. */
  readonly texts?: readonly string[];
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Linker settings of variables, `-X`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the program, or the file of texts, is called, where not as its package. */
  readonly name?: string;
}

const KUBERNETES = '1.34.4';
const KUBERNETES_VERSION = {
  'k8s.io/component-base/version.gitVersion': `v${KUBERNETES}`,
  'k8s.io/component-base/version.gitMajor': '1',
  'k8s.io/component-base/version.gitMinor': '34',
  'k8s.io/component-base/version.gitTreeState': 'clean',
};

/** Its Go module counts 0.315.0 for 3.15.0. */
const PROMETHEUS = '3.15.0';

/**
 * Go, for the builds. An older one on the machine is enough from 1.21 on: it fetches the one that a module asks for by itself.
 * This version is what is fetched where there is none.
 */
export const GO = { version: '1.26.8', minimum: '1.21' } as const;

export const TOOLS = {
  temporal: {
    version: '1.5.1',
    bins: ['temporal'],
    runsOn: 'host',
    machine: { program: 'temporal', args: ['--version'] },
    download: ({ os, arch }) => {
      const release = 'https://github.com/temporalio/cli/releases/download/v1.5.1';
      return { url: `${release}/temporal_cli_1.5.1_${os}_${arch}.tar.gz`, sha256Url: `${release}/checksums.txt`, folder: '.' };
    },
    build: [
      {
        packages: ['github.com/temporalio/cli/cmd/temporal@v1.5.1'],
        variables: { 'github.com/temporalio/cli/temporalcli.Version': '1.5.1' },
      },
    ],
  },
  /**
   * Always built: one program under the names of all components is a third of the size of the released ones, which makes the
   * node image small and its static pods cheap.
   */
  kubernetes: {
    version: KUBERNETES,
    bins: ['kube-components', 'kubectl', 'kubeadm'],
    runsOn: 'image',
    build: [
      {
        module: 'kubernetes',
        packages: ['./kube-components', 'k8s.io/kubernetes/cmd/kubectl', 'k8s.io/kubernetes/cmd/kubeadm'],
        variables: KUBERNETES_VERSION,
      },
    ],
  },
  etcd: {
    version: '3.6.4',
    bins: ['etcd', 'etcdctl', 'etcdutl'],
    runsOn: 'image',
    download: ({ os, arch }) => {
      const release = 'https://github.com/etcd-io/etcd/releases/download/v3.6.4';
      const name = `etcd-v3.6.4-${os}-${arch}`;
      return { url: `${release}/${name}.tar.gz`, sha256Url: `${release}/SHA256SUMS`, folder: name };
    },
    build: [
      { module: 'kubernetes', packages: ['go.etcd.io/etcd/server/v3'], name: 'etcd' },
      { module: 'etcdctl', packages: ['go.etcd.io/etcd/etcdctl/v3', 'go.etcd.io/etcd/etcdutl/v3'] },
    ],
  },
  coredns: {
    version: '1.12.4',
    bins: ['coredns'],
    runsOn: 'image',
    download: ({ os, arch }) => {
      const url = `https://github.com/coredns/coredns/releases/download/v1.12.4/coredns_1.12.4_${os}_${arch}.tgz`;
      return { url, sha256Url: `${url}.sha256`, folder: '.' };
    },
    build: [{ packages: ['github.com/coredns/coredns@v1.12.4'] }],
  },
  helm: {
    version: '3.22.0',
    bins: ['helm'],
    runsOn: 'image',
    download: ({ os, arch }) => {
      const url = `https://get.helm.sh/helm-v3.22.0-${os}-${arch}.tar.gz`;
      return { url, sha256Url: `${url}.sha256sum`, folder: `${os}-${arch}` };
    },
    build: [
      {
        packages: ['helm.sh/helm/v3/cmd/helm@v3.22.0'],
        variables: { 'helm.sh/helm/v3/internal/version.version': 'v3.22.0' },
      },
    ],
  },
  yq: {
    version: '4.54.1',
    bins: ['yq'],
    runsOn: 'image',
    download: ({ os, arch }) => {
      const release = 'https://github.com/mikefarah/yq/releases/download/v4.54.1';
      return { url: `${release}/yq_${os}_${arch}`, sha256Url: `${release}/checksums-bsd` };
    },
    build: [{ packages: ['github.com/mikefarah/yq/v4@v4.54.1'], name: 'yq' }],
  },
  /** `docker compose`, for the candidate's Docker client. */
  compose: {
    version: '2.40.3',
    bins: ['docker-compose'],
    runsOn: 'image',
    download: ({ os, arch }) => {
      const release = 'https://github.com/docker/compose/releases/download/v2.40.3';
      const url = `${release}/docker-compose-${os}-${arch === 'amd64' ? 'x86_64' : 'aarch64'}`;
      return { url, sha256Url: `${url}.sha256` };
    },
    build: [
      {
        module: 'compose',
        packages: ['github.com/docker/compose/v2/cmd'],
        name: 'docker-compose',
        variables: { 'github.com/docker/compose/v2/internal.Version': 'v2.40.3' },
      },
    ],
  },
  /** Its releases hold container images only. */
  'local-path-provisioner': {
    version: '0.0.30',
    bins: ['local-path-provisioner'],
    runsOn: 'image',
    build: [{ packages: ['github.com/rancher/local-path-provisioner@v0.0.30'] }],
  },
  /** For labs that ask for it: what `kubectl top` asks. Its releases hold container images only. */
  'metrics-server': {
    version: '0.9.0',
    bins: ['metrics-server'],
    runsOn: 'image',
    build: [{ packages: ['sigs.k8s.io/metrics-server/cmd/metrics-server@v0.9.0'] }],
  },
  /** Enforces network policies on a node. */
  netpol: {
    version: '1',
    bins: ['ckx-netpol'],
    runsOn: 'image',
    build: [{ sources: 'images/netpol', packages: ['.'], name: 'ckx-netpol' }],
  },
  /** For labs that ask for it: answers by what the cluster's Ingresses say, or its Gateways. */
  ingress: {
    version: '1',
    bins: ['ckx-ingress'],
    runsOn: 'image',
    build: [{ sources: 'images/ingress', packages: ['.'], name: 'ckx-ingress' }],
  },
  /** For labs that ask for it: the definitions of those kinds of the Gateway API that `ingress` serves, of the standard channel. */
  'gateway-api': {
    version: '1.7.0',
    bins: ['gateway-api.yaml'],
    runsOn: 'image',
    build: [
      {
        packages: ['sigs.k8s.io/gateway-api@v1.7.0'],
        name: 'gateway-api.yaml',
        texts: ['gatewayclasses', 'gateways', 'httproutes', 'referencegrants'].map(
          (kind) => `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`,
        ),
      },
    ],
  },
  /** A client of the container runtime for people: the module of the one that all know is not to be had everywhere. */
  crictl: {
    version: '1',
    bins: ['crictl'],
    runsOn: 'image',
    build: [{ sources: 'images/crictl', packages: ['.'], name: 'crictl' }],
  },
  /** Checks and tests the alert rules. Built without service discovery, which rules do not need. */
  promtool: {
    version: PROMETHEUS,
    bins: ['promtool'],
    runsOn: 'host',
    neededBy: 'npm test',
    machine: { program: 'promtool', args: ['--version'] },
    download: ({ os, arch }) => {
      const release = `https://github.com/prometheus/prometheus/releases/download/v${PROMETHEUS}`;
      const name = `prometheus-${PROMETHEUS}.${os}-${arch}`;
      return { url: `${release}/${name}.tar.gz`, sha256Url: `${release}/sha256sums.txt`, folder: name };
    },
    build: [
      {
        module: 'promtool',
        packages: ['github.com/prometheus/prometheus/cmd/promtool'],
        tags: ['remove_all_sd'],
        variables: { 'github.com/prometheus/common/version.Version': PROMETHEUS },
      },
    ],
  },
  /** Stripe's own, made from the description of its API: checks the shape of what it is asked. */
  'stripe-mock': {
    version: '0.203.0',
    bins: ['stripe-mock'],
    runsOn: 'host',
    neededBy: 'npm test',
    download: ({ os, arch }) => {
      const release = 'https://github.com/stripe/stripe-mock/releases/download/v0.203.0';
      return {
        url: `${release}/stripe-mock_0.203.0_${os}_${arch}.tar.gz`,
        sha256Url: `${release}/stripe-mock_0.203.0_checksums.txt`,
        folder: '.',
      };
    },
    build: [{ packages: ['github.com/stripe/stripe-mock@v0.203.0'] }],
  },
} as const satisfies Record<string, ToolSpec>;

export type ToolName = keyof typeof TOOLS;
