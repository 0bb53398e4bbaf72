/** What an installation has on the engine, at its end. */
import { connectDocker, type Log } from '@ckx/toolchain';

const STOP_GRACE_SECONDS = 5;
/** A container that stopped meanwhile. */
const NOT_MODIFIED = 304;

/** Stops containers of an installation, to be started again by its next start: sessions that are open go on then. */
export async function stopContainers(dockerHost: string, installation: string, log: Log): Promise<void> {
  const docker = connectDocker(dockerHost);
  const running = await docker.listContainers({ filters: { label: [`ckx.installation=${installation}`] } });
  await Promise.all(
    running.map(async ({ Id }) => {
      try {
        await docker.getContainer(Id).stop({ t: STOP_GRACE_SECONDS });
      } catch (error) {
        if (!(error instanceof Error && 'statusCode' in error && (error.statusCode === NOT_MODIFIED || error.statusCode === 404)))
          throw error;
      }
    }),
  );
  if (running.length > 0) log(`${running.length} containers of open sessions stopped; the next start goes on with them`);
}
