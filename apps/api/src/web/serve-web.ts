import { CkxError } from '@ckx/contracts';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sirv from 'sirv';

/**
 * What the web application may do in a browser: run and load what this origin serves, talk to it and the gateway alone, and nothing in line, so that text
 * which slips through as HTML stays inert.
 */
const policyFor = (gatewayUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    // A desktop sends pictures within its stream; a picture in an address loads nothing from anywhere.
    "img-src 'self' data:",
    // The gateway may well be another origin.
    `connect-src 'self' ${new URL(gatewayUrl).origin}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** Not the web application's, whatever it holds by these names: a page in place of an answer would mislead every client. */
const RESERVED = /^\/(?:api|internal|health|metrics|ws|sandbox)(?:\/|$)/i;
/** Named by the digest of their content. */
const ASSETS = '/assets/';

/**
 * The web application, from the folder of its build: files that are there, and its page for every other address, which it reads by itself.
 *
 * @throws CkxError user `WEB_NOT_BUILT`.
 */
export function serveWeb(webDir: string, gatewayUrl: string): RequestHandler {
  if (!existsSync(join(webDir, 'index.html'))) {
    throw new CkxError('user', 'WEB_NOT_BUILT', `There is no web application in ${webDir} (CKX_WEB_DIR).`, {
      remedy: 'Build it with `npm run web`, which says where it is; or start without CKX_WEB_DIR.',
    });
  }
  const headers = headersOf(policyFor(gatewayUrl));
  // A part of an older release is missing; it is not the page.
  const parts = sirv(webDir, { etag: true, brotli: true, gzip: true });
  const page = sirv(webDir, { etag: true, brotli: true, gzip: true, single: true, ignores: false });
  return (request: Request, response: Response, next: NextFunction) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || RESERVED.test(request.path)) {
      next();
      return;
    }
    const isPart = request.path.startsWith(ASSETS);
    const before = response.getHeaders();
    // By hand, before it is served: with an answer of 304 sirv's own hook is passed over, and browsers put what such an answer says in
    // place of what they keep; the page would be blocked by the API's policy when it is opened again.
    for (const [name, value] of headers(isPart)) response.setHeader(name, value);
    (isPart ? parts : page)(request, response, () => {
      for (const [name] of headers(isPart)) response.removeHeader(name);
      for (const [name, value] of Object.entries(before)) if (value !== undefined) response.setHeader(name, value);
      next();
    });
  };
}

const headersOf = (policy: string) => (isPart: boolean) =>
  [
    ['Content-Security-Policy', policy],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()'],
    // The page is asked for anew each time (and mostly not sent again): it names the parts.
    ['Cache-Control', isPart ? 'public, max-age=31536000, immutable' : 'no-cache'],
  ] as const;
