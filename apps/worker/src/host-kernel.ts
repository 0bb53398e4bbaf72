import { CkxError } from '@ckx/contracts';
import { isOnThisMachine, raiseKernelSettings, setFirewall } from '@ckx/host-walls';
import type { Logger } from '@ckx/logging';

/**
 * Sets what nodes and the walls around sessions need of the kernel where it is missing. Does nothing where the engine runs in another
 * machine than this process.
 *
 * @throws CkxError `KERNEL_SETTING` (user) where a setting is too low and this user may not change it. A firewall that this user may not
 *   set is no error here: whether it stands is among the walls that are checked next.
 */
export async function prepareKernel(dockerHost: string | undefined, logger: Logger): Promise<void> {
  if (!isOnThisMachine(dockerHost)) return;
  const [low, ...more] = await raiseKernelSettings();
  if (low !== undefined) {
    const all = [low, ...more];
    throw new CkxError(
      'user',
      'KERNEL_SETTING',
      `Kernel settings are too low for nodes, and this user may not change them: ${all.map(({ key, minimum, why }) => `${key} below ${minimum} (${why})`).join('; ')}.`,
      { remedy: `Run as root: sysctl -w ${all.map(({ key, minimum }) => `${key}=${minimum}`).join(' ')}` },
    );
  }
  if (process.getuid?.() === 0) await setFirewall().catch((err: unknown) => logger.warn({ err }, 'the firewall could not be set'));
}
