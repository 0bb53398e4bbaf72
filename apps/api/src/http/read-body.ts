import { CkxError } from '@ckx/contracts';
import type { Request, Response } from 'express';

/**
 * A body as it is, read only as far as the limit: one that is larger is refused as soon as that shows, and the connection is closed
 * rather than read to its end.
 *
 * @throws CkxError `BODY_TOO_LARGE`, `BODY_UNREADABLE` where it broke off.
 */
export async function readBody(request: Request, response: Response, limitBytes: number): Promise<Buffer<ArrayBuffer>> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(request, response, limitBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > limitBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new CkxError('user', 'BODY_UNREADABLE', 'The body broke off.', { cause });
  }
  if (bytes > limitBytes) throw tooLarge(request, response, limitBytes);
  return Buffer.concat(chunks);
}

function tooLarge(request: Request, response: Response, limitBytes: number): CkxError {
  response.setHeader('Connection', 'close');
  response.once('finish', () => request.destroy());
  return new CkxError('user', 'BODY_TOO_LARGE', `The body is larger than ${limitBytes / 1024 ** 2} MiB.`);
}
