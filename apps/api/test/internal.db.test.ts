/** /internal over real HTTP: what services may do, and that nobody else learns anything there. */
import { request as httpRequest } from 'node:http';
import { randomBytes } from 'node:crypto';
import { BLOB_LIMIT_BYTES, digestOf } from '@ckx/blobs';
import { BlobClient } from '@ckx/blobs/client';
import { bodyDigestOf, makeServiceSecret, sign, type ServiceKey } from '@ckx/service-auth';
import { ServiceClient } from '@ckx/service-auth/client';
import { ApiClient } from '@ckx/test-support/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './harness.ts';

const secrets = { host: makeServiceSecret(), next: makeServiceSecret(), gateway: makeServiceSecret(), control: makeServiceSecret() };
const keyOf = (id: keyof typeof secrets): ServiceKey => ({ id, secret: Buffer.from(secrets[id], 'base64url') });
const host = keyOf('host');

let api: TestApi;
beforeAll(async () => {
  const { host, next, gateway, control } = secrets;
  api = await startApi({ SERVICE_KEYS: `host:host:${host},next:host:${next},gateway:gateway:${gateway},control:control:${control}` });
});
afterAll(() => api.close());

const client = (key: ServiceKey = host) => new BlobClient(new ServiceClient({ baseUrl: api.url, key }));

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly body?: Buffer<ArrayBuffer>;
  readonly contentType?: string;
}

/** What a caller sends who signed `signed` and then sends `sent`. */
async function send(authorization: string | undefined, { method = 'GET', path, body, contentType }: Sent) {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  };
  const response = await fetch(`${api.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const problem = Object.fromEntries(
    [...response.headers].filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name)),
  );
  return { status: response.status, body: await response.text(), headers: problem };
}
function signed({ method = 'GET', path, body, contentType = '' }: Sent, key: ServiceKey = host, now?: number): string {
  return sign({ method, path, contentType, bodyDigest: bodyDigestOf(body ?? Buffer.alloc(0)) }, key, now);
}

describe('blobs', () => {
  it('are handed in and fetched, byte for byte, however often', async () => {
    const content = randomBytes(300_000);
    const digest = digestOf(content);
    expect(await client().get(digest)).toBeNull();
    for (let times = 0; times < 2; times += 1) expect(await client().put({ mediaType: 'application/gzip', content })).toBe(digest);
    expect(await client(keyOf('gateway')).get(digest)).toEqual({ mediaType: 'application/gzip', content });
    const path = `/internal/blobs/${digest}`;
    const head = await send(signed({ method: 'HEAD', path }), { method: 'HEAD', path });
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-type': 'application/gzip', 'content-length': '300000' } });
  });

  it('may be empty, or of the largest size', async () => {
    for (const content of [Buffer.alloc(0), Buffer.alloc(BLOB_LIMIT_BYTES, 7)]) {
      const digest = await client().put({ mediaType: 'application/octet-stream', content });
      expect((await client().get(digest))?.content.equals(content)).toBe(true);
    }
  });

  it('are JSON as well as anything else', async () => {
    const content = Buffer.from('{"a": [1, 2');
    const digest = await client().put({ mediaType: 'application/json; charset=utf-8', content });
    expect(await client().get(digest)).toEqual({ mediaType: 'application/json; charset=utf-8', content });
  });

  it('are refused under another digest, without a media type, and under what is no digest', async () => {
    const body = Buffer.from('content');
    const put = (path: string, contentType?: string) => {
      const sent = { method: 'PUT', path, body, ...(contentType === undefined ? {} : { contentType }) };
      return send(signed(sent), sent);
    };
    const other = digestOf(Buffer.from('other'));
    expect(await put(`/internal/blobs/${other}`, 'text/plain')).toMatchObject({
      status: 422,
      body: expect.stringContaining('DIGEST_MISMATCH') as string,
    });
    expect((await put(`/internal/blobs/${digestOf(body)}`)).status).toBe(415);
    expect((await put('/internal/blobs/sha256:short', 'text/plain')).status).toBe(400);
    expect(await client().get(other)).toBeNull();
  });

  it('that are too large are refused before they were sent, by their length or as soon as it shows', async () => {
    const body = Buffer.alloc(BLOB_LIMIT_BYTES + 1);
    const path = `/internal/blobs/${digestOf(body)}`;
    const authorization = () => signed({ method: 'PUT', path, body, contentType: 'text/plain' });
    const answer = async (headers: Record<string, string>, chunks: number) => {
      const request = httpRequest(`${api.url}${path}`, {
        method: 'PUT',
        headers: { ...headers, authorization: authorization(), 'content-type': 'text/plain' },
      });
      request.on('error', () => undefined);
      const answered = new Promise<number | undefined>((done) => {
        request.once('response', (response) => done(response.resume().statusCode));
      });
      request.flushHeaders();
      // Never ended: whoever waits for the end of it waits for ever.
      for (let sent = 0; sent < chunks; sent += 1) request.write(Buffer.alloc(1024 ** 2));
      const status = await answered;
      request.destroy();
      return status;
    };
    expect(await answer({ 'content-length': String(body.length) }, 0)).toBe(413);
    expect(await answer({ 'transfer-encoding': 'chunked' }, 17)).toBe(413);
  });
});

describe('a request that is not as it was signed', () => {
  const digest = digestOf(Buffer.from('never kept'));
  const get: Sent = { path: `/internal/blobs/${digest}` };
  const put: Sent = { method: 'PUT', path: get.path, body: Buffer.from('never kept'), contentType: 'text/plain' };
  const unknown: ServiceKey = { id: 'nobody', secret: randomBytes(32) };
  const field = (name: string, value: string) => () => signed(get).replace(new RegExp(`${name}=[^,]+`), `${name}=${value}`);
  const seconds = () => Math.floor(Date.now() / 1_000);

  const cases: Record<string, { readonly authorization: () => string | undefined; readonly sent: Sent }> = {
    'no header': { authorization: () => undefined, sent: get },
    'an access token': { authorization: () => 'Bearer x.y.z', sent: get },
    'another method': { authorization: () => signed(get), sent: { ...get, method: 'HEAD' } },
    'another path': { authorization: () => signed(get), sent: { path: `/internal/blobs/${digestOf(Buffer.from('other'))}` } },
    'a query': { authorization: () => signed(get), sent: { path: `${get.path}?x` } },
    'another body': { authorization: () => signed(put), sent: { ...put, body: Buffer.from('never keep!') } },
    'another content type': { authorization: () => signed(put), sent: { ...put, contentType: 'text/html' } },
    'another time': { authorization: () => field('time', String(seconds() - 1))(), sent: get },
    'another nonce': { authorization: field('nonce', 'a'.repeat(32)), sent: get },
    'another body digest': { authorization: field('body', 'b'.repeat(64)), sent: get },
    'another signature': { authorization: field('signature', 'c'.repeat(64)), sent: get },
    'another key’s name': { authorization: field('key', 'gateway'), sent: get },
    'an unknown key': { authorization: () => signed(get, unknown), sent: get },
    'a wrong key under a right name': { authorization: () => signed(get, { ...unknown, id: 'host' }), sent: get },
    'a clock that is late': { authorization: () => signed(get, host, Date.now() - 62_000), sent: get },
    'a clock that is early': { authorization: () => signed(get, host, Date.now() + 62_000), sent: get },
    'a host’s key at connections': {
      authorization: () => signed({ path: '/internal/connections' }),
      sent: { path: '/internal/connections' },
    },
    'control’s key at blobs': { authorization: () => signed(get, keyOf('control')), sent: get },
    'a gateway’s key at packs': {
      authorization: () => signed({ path: `/internal/packs/${digest}` }, keyOf('gateway')),
      sent: { path: `/internal/packs/${digest}` },
    },
    'a path that is nowhere': { authorization: () => undefined, sent: { path: '/internal/nowhere' } },
    'the path in capitals': { authorization: () => signed({ path: get.path.toUpperCase() }), sent: { path: get.path.toUpperCase() } },
  };
  const silent = (path: string) => ({
    status: 401,
    body: JSON.stringify({
      type: 'urn:ckx:problem:service-unauthenticated',
      title: 'Unauthorized',
      status: 401,
      code: 'SERVICE_UNAUTHENTICATED',
      detail: 'The request is refused.',
      instance: path.split('?')[0],
    }),
  });

  it.for(Object.entries(cases))('%s: 401, and one answer', async ([, { authorization, sent }]) => {
    const answer = await send(authorization(), sent);
    if (sent.method === 'HEAD') expect(answer.status).toBe(401);
    else expect(answer).toMatchObject(silent(sent.path));
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  });

  it('is refused the second time, also when both come at once', async () => {
    const once = signed(get);
    expect((await send(once, get)).status).toBe(404);
    expect(await send(once, get)).toMatchObject(silent(get.path));
    const twice = signed(get);
    const statuses = await Promise.all(Array.from({ length: 8 }, () => send(twice, get).then(({ status }) => status)));
    expect(statuses.sort()).toEqual([401, 401, 401, 401, 401, 401, 401, 404].sort());
  });

  it('left nothing behind', async () => {
    expect(await client().get(digest)).toBeNull();
  });
});

describe('keys', () => {
  it('of one caller are accepted side by side', async () => {
    const content = Buffer.from('rotated');
    await client(host).put({ mediaType: 'text/plain', content });
    expect((await client(keyOf('next')).get(digestOf(content)))?.content).toEqual(content);
  });

  it('are none of an account’s: an administrator is refused as anybody is', async () => {
    const { accessToken } = await api.admin();
    expect(accessToken).not.toBeNull();
    expect((await send(`Bearer ${accessToken}`, { path: '/internal/blobs/x' })).status).toBe(401);
  });

  it('open nothing of the public API', async () => {
    const path = '/api/v1/users/me';
    expect((await send(signed({ path }), { path })).status).toBe(401);
    expect((await new ApiClient(api.url).send('GET', '/labs')).status).toBe(200);
  });

  it('that are wrong are the operator’s to mend, and said so', async () => {
    const wrong = client({ id: 'host', secret: randomBytes(32) });
    await expect(wrong.get(digestOf(Buffer.from('x')))).rejects.toMatchObject({ kind: 'user', code: 'SERVICE_REFUSED' });
    const nobody = new BlobClient(new ServiceClient({ baseUrl: 'http://127.0.0.1:1', key: host }));
    await expect(nobody.get(digestOf(Buffer.from('x')))).rejects.toMatchObject({ kind: 'operational', code: 'SERVICE_UNREACHABLE' });
  });
});

it('a blob that was changed on its way, or in its place, is not taken for what it should be', async () => {
  const content = Buffer.from('as it was');
  const digest = await client().put({ mediaType: 'text/plain', content });
  await api.database.query('UPDATE blobs SET content = $1 WHERE digest = $2', [Buffer.from('as it is!'), digest]);
  await expect(client().get(digest)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
});
