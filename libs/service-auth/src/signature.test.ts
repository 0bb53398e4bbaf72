import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AcceptedKeys, bodyDigestOf, isAllowed, makeServiceSecret, sign, verify, type AcceptedKey } from './index.ts';

const key: AcceptedKey = { id: 'host-1', scope: 'host', secret: randomBytes(32) };
const request = { method: 'PUT', path: '/internal/blobs/x?y=1', contentType: 'text/plain', bodyDigest: bodyDigestOf(Buffer.from('body')) };
const now = Date.UTC(2026, 0, 1);

describe('a signed request', () => {
  it('is verified, and says whose it is', () => {
    const verified = verify(sign(request, key, now), request, [key], now);
    expect(verified).toMatchObject({ keyId: 'host-1', scope: 'host', bodyDigest: request.bodyDigest });
  });

  it('is another each time, for the same content', () => {
    expect(sign(request, key, now)).not.toBe(sign(request, key, now));
  });

  it('is accepted under either of two keys while one takes the other’s place', () => {
    const next = { ...key, id: 'host-1-next', secret: randomBytes(32) };
    expect(verify(sign(request, key, now), request, [next, key], now)).toMatchObject({ keyId: 'host-1' });
    expect(verify(sign(request, next, now), request, [next, key], now)).toMatchObject({ keyId: 'host-1-next' });
    expect(verify(sign(request, key, now), request, [next], now)).toEqual({ refusal: 'unknown_key' });
  });

  it.for([
    ['the method', { method: 'GET' }],
    ['the path', { path: '/internal/blobs/z?y=1' }],
    ['the query', { path: '/internal/blobs/x?y=2' }],
    ['the content type', { contentType: 'text/html' }],
  ] as const)('is refused when %s was changed', ([, change]) => {
    expect(verify(sign(request, key, now), { ...request, ...change }, [key], now)).toEqual({ refusal: 'wrong_signature' });
  });

  it.for(['key', 'time', 'nonce', 'body', 'signature'])('is refused when its field %s was changed, left out or doubled', (field) => {
    const signed = sign(request, key, now);
    const value = new RegExp(`${field}=([^,]+)`).exec(signed)?.[1] ?? '';
    // Another value of the same form, and within the same minute.
    const other = field === 'key' ? 'host-2' : value.slice(0, -1) + (value.endsWith('1') ? '2' : '1');
    const keys = [key, { ...key, id: 'host-2', secret: randomBytes(32) }];
    expect(verify(signed.replace(`${field}=${value}`, `${field}=${other}`), request, keys, now)).toEqual({ refusal: 'wrong_signature' });
    expect(verify(signed.replace(new RegExp(`,?${field}=[^,]+`), ''), request, keys, now)).toEqual({ refusal: 'malformed' });
    expect(verify(`${signed},${field}=${value}`, request, keys, now)).toEqual({ refusal: 'malformed' });
  });

  it('is refused without a header, with another scheme, with an unknown key', () => {
    expect(verify(undefined, request, [key], now)).toEqual({ refusal: 'no_signature' });
    for (const other of ['', 'Bearer abc', 'CKX-HMAC-SHA256', 'CKX-HMAC-SHA256 key=', `${sign(request, key, now)} more`]) {
      expect(verify(other, request, [key], now), other).toEqual({ refusal: 'malformed' });
    }
    expect(verify(sign(request, key, now), request, [], now)).toEqual({ refusal: 'unknown_key' });
  });

  it('is accepted within a minute on either side, and refused beyond', () => {
    const signed = sign(request, key, now);
    for (const skew of [-60_000, 0, 60_000]) expect(verify(signed, request, [key], now + skew), String(skew)).toHaveProperty('keyId');
    for (const skew of [-61_000, 61_000]) expect(verify(signed, request, [key], now + skew)).toEqual({ refusal: 'clock_skew' });
  });
});

describe('a scope', () => {
  it.for([
    ['host', 'GET', '/internal/blobs/sha256:1', true],
    ['host', 'PUT', '/internal/blobs/sha256:1', true],
    ['host', 'DELETE', '/internal/blobs/sha256:1', false],
    ['host', 'GET', '/internal/packs/sha256:1', true],
    ['host', 'GET', '/internal/connections', false],
    ['host', 'GET', '/internal/blobs', false],
    ['host', 'GET', '/internal/blobs/../connections', false],
    ['host', 'GET', '/internal/blobs/%2e%2e/connections', false],
    ['host', 'GET', '/INTERNAL/blobs/sha256:1', false],
    ['gateway', 'PUT', '/internal/blobs/sha256:1', true],
    ['gateway', 'GET', '/internal/packs/sha256:1', false],
    ['control', 'GET', '/internal/blobs/sha256:1', false],
    ['control', 'POST', '/internal/connections?x=1', true],
    ['control', 'POST', '/internal/connectionsandmore', false],
  ] as const)('%s %s %s: %s', ([scope, method, path, allowed]) => {
    expect(isAllowed(scope, method, path)).toBe(allowed);
  });
});

describe('keys of the environment', () => {
  it('are read, several at once', () => {
    const [one, two] = [makeServiceSecret(), makeServiceSecret()];
    const keys = AcceptedKeys.parse(`host-1:host:${one},gateway:gateway:${two}`);
    expect(keys).toMatchObject([
      { id: 'host-1', scope: 'host' },
      { id: 'gateway', scope: 'gateway' },
    ]);
    expect(keys[0]?.secret).toHaveLength(32);
  });

  it.for([
    'host-1',
    `host-1:root:${makeServiceSecret()}`,
    'host-1:host:c2hvcnQ',
    `:host:${makeServiceSecret()}`,
    `a:host:${makeServiceSecret()}:b`,
  ])('are refused where they are none, without being repeated: %s', (text) => {
    const { error } = AcceptedKeys.safeParse(text);
    expect(error?.issues[0]?.message).toMatch(/entry 1 is not/);
    expect(JSON.stringify(error)).not.toContain(text);
  });

  it('are refused where an id is given twice', () => {
    const text = `a:host:${makeServiceSecret()},a:host:${makeServiceSecret()}`;
    expect(AcceptedKeys.safeParse(text).error?.issues[0]?.message).toMatch(/twice/);
  });
});
