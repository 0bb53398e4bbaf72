import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { testTemporal } from '@ckx/test-support/services';
import { expect, it } from 'vitest';
import { watchTemporal } from './temporal-watch.ts';

/** Watches for as long as it takes to find a server silent, and half as long again. @returns how often it was found so. */
async function watchFor(address: string, namespace: string): Promise<number> {
  const stopping = new AbortController();
  let silences = 0;
  const onSilent = () => {
    silences += 1;
    stopping.abort();
    return Promise.resolve();
  };
  const watching = watchTemporal({ address, namespace, signal: stopping.signal, onSilent });
  await Promise.race([watching, sleep(45_000)]);
  stopping.abort();
  await watching;
  return silences;
}

it('leaves a server alone that answers, and finds one that takes calls and never answers', async () => {
  const { address, namespace } = await testTemporal();
  const mute = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const muteAddress = mute.address();
  const port = typeof muteAddress === 'object' ? muteAddress?.port : undefined;
  try {
    expect(await Promise.all([watchFor(address, namespace), watchFor(`127.0.0.1:${port}`, namespace)])).toEqual([0, 1]);
  } finally {
    mute.close();
  }
}, 90_000);
