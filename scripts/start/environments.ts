/** What each of our processes is told: the host role no more than it reads, for it is trusted with nothing but its sessions. */
import { GATEWAY_VARIABLES, HOST_VARIABLES } from '@ckx/config';

/** What any program of this machine needs to run as its others do; none of them is a secret. */
const PLAIN = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];

/**
 * The environment of a host worker: of all variables, those that the role reads, by name. What nobody thought of stays out by itself.
 *
 * @param variables everything that there is, secrets of others among it.
 */
export function hostEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return only(variables, HOST_VARIABLES);
}

/** The same for a gateway: it holds the database and its own key, and neither what signs people in nor what moves money. */
export function gatewayEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return only(variables, GATEWAY_VARIABLES);
}

function only(variables: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const known = new Set([...PLAIN, ...names]);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => known.has(name)));
}
