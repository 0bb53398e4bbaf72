import { CkxError } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { engineError } from './errors.ts';

/** An error as dockerode makes it of an answer. */
function answer(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), { statusCode });
}

const bind =
  'driver failed programming external connectivity on endpoint ckx-node-1 (6d0…): Bind for 127.0.0.1:6443 failed: port is already allocated';
const listen =
  'driver failed programming external connectivity on endpoint ckx-ssh-1 (6d0…): Error starting userland proxy: listen tcp4 127.0.0.1:2201: bind: address already in use';

describe('engineError', () => {
  it.each([
    [answer(500, bind), 'user', 'PORT_IN_USE', 'Port 6443'],
    [answer(500, listen), 'user', 'PORT_IN_USE', 'Port 2201'],
    [answer(404, 'No such image: ckx/node:123'), 'user', 'IMAGE_MISSING', 'ckx/node:123'],
    [answer(403, 'Pool overlaps with other one on this address space'), 'user', 'SUBNET_IN_USE', 'overlaps'],
    [answer(500, 'something else'), 'operational', 'ENGINE_FAILED', 'something else'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'operational', 'ENGINE_UNAVAILABLE', 'does not answer'],
    [Object.assign(new Error('connect'), { code: 'ENOENT' }), 'operational', 'ENGINE_UNAVAILABLE', 'does not answer'],
    [Object.assign(new Error('connect'), { code: 'EACCES' }), 'user', 'ENGINE_NOT_PERMITTED', 'may not use'],
  ])('says %s in a sentence', (error, kind, code, sentence) => {
    const mapped = engineError(error);
    expect(mapped).toBeInstanceOf(CkxError);
    expect(mapped).toMatchObject({ kind, code, message: expect.stringContaining(sentence) as string });
  });

  it('leaves what did not come from the engine as it is', () => {
    const error = new TypeError('a fault of ours');
    expect(engineError(error)).toBe(error);
  });
});
