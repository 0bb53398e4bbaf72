import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '@ckx/test-support/installation';

const BACK_WITHIN_MS = 120_000;

/** Returns when the API says that everything is there: Postgres, Temporal, an active host. */
export async function untilAllAnswer(installation: Installation): Promise<void> {
  const end = Date.now() + BACK_WITHIN_MS;
  for (;;) {
    const { apiUrl } = await installation.run();
    const isReady = await fetch(`${apiUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > end) throw new Error(`Not everything answers after ${BACK_WITHIN_MS / 1_000} s.`);
    await sleep(200);
  }
}
