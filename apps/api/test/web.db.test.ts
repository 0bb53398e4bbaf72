import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './harness.ts';

const PAGE = '<!doctype html><title>CKX</title>';
const SCRIPT = `console.log("${'x'.repeat(2000)}");`;

let api: TestApi;
let webDir: string;
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'ckx-web-'));
  await writeFile(join(webDir, 'index.html'), PAGE);
  // Names that are the API's must not shadow it, even where the build has them.
  for (const folder of ['assets', '.vite', 'api/v1', 'health']) await mkdir(join(webDir, folder), { recursive: true });
  await writeFile(join(webDir, 'assets/main-0a1b.js'), SCRIPT);
  await writeFile(join(webDir, 'assets/main-0a1b.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(webDir, 'assets/main-0a1b.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(webDir, '.vite/manifest.json'), '{}');
  await writeFile(join(webDir, 'api/v1/labs'), 'shadow');
  await writeFile(join(webDir, 'health/live'), 'shadow');
  api = await startApi({ CKX_WEB_DIR: webDir, GATEWAY_URL: 'ws://gateway.example:4001' });
});
afterAll(async () => {
  await api.close();
  await rm(webDir, { recursive: true, force: true });
});

/** The path as it is: fetch would tidy it up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { hostname, port } = new URL(api.url);
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; bytes: Buffer; body: string }>((done, fail) => {
    const outgoing = request({ hostname, port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks);
        done({ status: answer.statusCode, headers: answer.headers, bytes, body: bytes.toString() });
      });
    });
    outgoing.on('error', fail);
    outgoing.end();
  });
}

describe('the web application', () => {
  test.each(['/', '/labs', '/labs/ckad.v2', '/sessions/1/', '/apiary', '/healthy', '/index.html', '/%FF', '/wsx'])(
    'is served at %s, under a strict policy',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect({ status, body }).toEqual({ status: 200, body: PAGE });
      expect(headers['content-type']).toBe('text/html;charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self' ws://gateway.example:4001;");
      // Images alone may come from data: a desktop's picture and cursors are drawn from it.
      expect(policy).toContain("img-src 'self' data:;");
      expect(policy.replace("img-src 'self' data:;", '')).not.toMatch(/unsafe|data:|\*|https?:/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
    },
  );

  test.each([
    '/api',
    '/api/v1/labs',
    '/API/v1/labs',
    '/api/nothing',
    '/internal/x',
    '/health/live',
    '/metrics',
    '/ws/terminal',
    '/sandbox/checkout',
  ])('never shadows %s', async (path) => {
    const { body, headers } = await get(path);
    expect(body).not.toBe(PAGE);
    expect(body).not.toContain('shadow');
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });

  test('parts are compressed, and kept for good', async () => {
    const plain = await get('/assets/main-0a1b.js');
    expect(plain.body).toBe(SCRIPT);
    for (const encoding of ['br', 'gzip']) {
      const { headers, bytes } = await get('/assets/main-0a1b.js', { 'accept-encoding': encoding });
      expect(headers).toMatchObject({
        'content-encoding': encoding,
        'content-type': 'text/javascript',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
      });
      expect(bytes.length).toBeLessThan(200);
    }
  });

  test('the page is not sent again while it is the same', async () => {
    const { headers } = await get('/');
    const again = await get('/', { 'if-none-match': String(headers['etag']) });
    expect(again.status).toBe(304);
    // What it says takes the place of what the browser keeps.
    for (const name of ['content-security-policy', 'cache-control', 'etag'])
      expect(again.headers[name] ?? headers[name]).toBe(headers[name]);
    expect(again.headers['content-security-policy']).toContain("script-src 'self'");
  });

  test.each(['/assets/main-gone.js', '/.vite/manifest.json/../../x', '/assets/'])('%s is not the page', async (path) => {
    const { status, body } = await get(path);
    if (status === 404) expect((await get(path)).headers['cache-control']).toBe('no-store');
    expect([status, body === PAGE]).toEqual([path.startsWith('/assets/') ? 404 : 200, !path.startsWith('/assets/')]);
  });

  test.each(['/.vite/manifest.json', '/../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd'])(
    '%s leads to no file',
    async (path) => {
      expect((await get(path)).body).toBe(PAGE);
    },
  );

  test('writes go to the API', async () => {
    expect(await get('/labs', {}, 'POST')).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    });
  });
});

test('a folder without a build is refused at the start, with the way out', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'ckx-web-'));
  await expect(startApi({ CKX_WEB_DIR: empty })).rejects.toMatchObject({ code: 'WEB_NOT_BUILT' });
  await rm(empty, { recursive: true });
});
