/** Blobs from where there is no database: over /internal/blobs. */
import { CkxError, type BlobDigest } from '@ckx/contracts';
import type { ServiceClient } from '@ckx/service-auth/client';
import { BLOB_LIMIT_BYTES, digestOf, type Blob } from './index.ts';

export class BlobClient {
  readonly #service: ServiceClient;

  constructor(service: ServiceClient) {
    this.#service = service;
  }

  /** Hands a content in. @throws CkxError as ServiceClient, `BLOB_REFUSED`. */
  async put({ mediaType, content }: Blob): Promise<BlobDigest> {
    const digest = digestOf(content);
    const path = `/internal/blobs/${digest}`;
    const response = await this.#service.call({ method: 'PUT', path, body: content, contentType: mediaType });
    await response.body?.cancel();
    if (!response.ok) throw refused(response.status, path);
    return digest;
  }

  /** Fetches a content and checks that it is that one. @returns null where there is none. @throws CkxError as {@link put}, `BLOB_DAMAGED`. */
  async get(digest: BlobDigest): Promise<Blob | null> {
    const blob = await this.fetch(`/internal/blobs/${digest}`);
    if (blob !== null && digestOf(blob.content) !== digest) {
      throw new CkxError('operational', 'BLOB_DAMAGED', `What came as the blob ${digest} is something else.`);
    }
    return blob;
  }

  /** A blob that is asked for otherwise than by its digest: what it is, is the caller's to check. @returns null where there is none. */
  async fetch(path: string): Promise<Blob | null> {
    const response = await this.#service.call({ method: 'GET', path });
    if (response.ok) return { mediaType: response.headers.get('content-type') ?? '', content: await contentOf(response, path) };
    await response.body?.cancel();
    if (response.status === 404) return null;
    throw refused(response.status, path);
  }
}

async function contentOf(response: Response, path: string): Promise<Buffer<ArrayBuffer>> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > BLOB_LIMIT_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new CkxError('operational', 'SERVICE_UNREACHABLE', `The answer to ${path} broke off.`, { cause });
  }
  if (bytes <= BLOB_LIMIT_BYTES) return Buffer.concat(chunks);
  throw new CkxError('operational', 'BLOB_DAMAGED', `What came for ${path} is larger than any blob.`);
}

function refused(status: number, path: string): CkxError {
  return new CkxError(status >= 500 ? 'operational' : 'bug', 'BLOB_REFUSED', `The service answered ${status} to ${path}.`);
}
