import { expect, it } from 'vitest';
import { helloFor } from '../test/hello.ts';
import { serverName } from './client-hello.ts';

it('is read from what a client says first, as soon as that is whole', async () => {
  const hello = await helloFor('kubernetes.io');
  expect(serverName(hello)).toBe('kubernetes.io');
  for (let length = 0; length < hello.length; length += 1) expect(serverName(hello.subarray(0, length))).toBeUndefined();
});

it('is null where there is none, or where it is no TLS', async () => {
  expect(serverName(await helloFor())).toBeNull();
  expect(serverName(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBeNull();
  const hello = await helloFor('kubernetes.io');
  for (let at = 0; at < hello.length; at += 1) {
    const changed = Buffer.from(hello);
    changed[at] = 255 - (changed[at] ?? 0);
    expect(() => serverName(changed)).not.toThrow();
  }
});
