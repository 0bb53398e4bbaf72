import type { EnvironmentSpec } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { DockerContext } from '../context.ts';
import { documentationFolder } from '../documentation.ts';
import { addressesIn } from '../naming.ts';
import { common, published } from './common.ts';

/** Where the image looks for the way to the documentation. */
const DOCUMENTATION = '/run/ckx-docs';
/** Firefox passes pictures between its processes through it; it counts as the container's memory. */
const SHARED_MEMORY_BYTES = 256 * 2 ** 20;

/** No volume of the candidate's: nothing that they write is read by a program of this container. */
export function desktopOptions(context: DockerContext, spec: EnvironmentSpec): Docker.ContainerCreateOptions {
  const { host, options } = common(context, spec, 'desktop', []);
  const vnc = published(5_900, [{ address: context.hostAddress, port: spec.ports.vnc }]);
  const folder = documentationFolder(context, spec);
  return {
    ...options,
    ...vnc.exposed,
    Image: context.images.desktop,
    Hostname: 'desktop',
    HostConfig: {
      ...host,
      ...vnc.bindings,
      ...context.settings.desktop,
      Binds: folder === null ? [] : [`${folder}:${DOCUMENTATION}:ro`],
      // The nodes are the terminal's to reach.
      ExtraHosts: [`terminal:${addressesIn(spec.subnet).terminal}`],
      ShmSize: SHARED_MEMORY_BYTES,
    },
  };
}
