import type { EnvironmentSpec } from '@ckx/contracts';
import type { DockerContext } from './context.ts';
import { kubeconfigFor } from './node.ts';
import { namespaceKubeconfig } from './shared/namespace.ts';

/**
 * A kubeconfig for use inside the session's network; null where there is no cluster.
 *
 * @param holder `platform` for setup and grading: what a candidate never holds.
 * @throws CkxError operational, where the control plane is not that far.
 */
export async function kubeconfigOf(
  context: DockerContext,
  spec: EnvironmentSpec,
  holder: 'platform' | 'candidate',
): Promise<string | null> {
  switch (spec.needs.cluster) {
    case 'dedicated':
      return kubeconfigFor(context, spec, holder);
    case 'namespace':
      return namespaceKubeconfig(context, spec, holder);
    case 'none':
      return null;
  }
}
