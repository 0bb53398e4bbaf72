/** The gateway's way into a terminal: a key pair of this session alone, whose private half only the gateway can read. */
import type { KeyObject } from 'node:crypto';
import { TERMINAL_KEY_PURPOSE, type EnvironmentSpec } from '@ckx/contracts';
import { seal } from '@ckx/sealed-secrets';
import type Docker from 'dockerode';
import { newSshKeyPair, normalisePublicKey } from '../ssh-keys.ts';
import { runOwn } from './exec.ts';

/**
 * Whoever is first leaves both halves, the private one sealed; whoever comes later, after a crash or beside the first, finds them and makes
 * sure that the key is authorised.
 */
const INSTALL = `
made=/etc/ckx/gateway_key
umask 077
printf '%s\n%s\n' "$2" "$3" >$made.$$
ln $made.$$ $made 2>/dev/null || [ -e $made ]
rm -f $made.$$
umask 022
{ read -r public; read -r sealed; } <$made
grep -qxF "$public" "$1" 2>/dev/null || printf '%s\n' "$public" >>"$1"
printf '%s' "$sealed"`;

interface Options {
  readonly gateway: KeyObject;
  /** The file that sshd reads. */
  readonly authorizedKeys: string;
  readonly signal: AbortSignal;
}

/** @returns the private key, sealed to the gateway for this session; the same each time. */
export async function letGatewayIn(terminal: Docker.Container, spec: EnvironmentSpec, options: Options): Promise<string> {
  const { gateway, authorizedKeys, signal } = options;
  const pair = newSshKeyPair();
  const sealed = seal(gateway, pair.private, { examSessionId: spec.examSessionId, purpose: TERMINAL_KEY_PURPOSE });
  return runOwn(terminal, INSTALL, [authorizedKeys, normalisePublicKey(pair.public), sealed], signal);
}
