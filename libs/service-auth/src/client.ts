import { CkxError } from '@ckx/contracts';
import type { ServiceKey } from './keys.ts';
import { bodyDigestOf, sign } from './signature.ts';

const ANSWER_TIMEOUT_MS = 30_000;

export interface ServiceClientOptions {
  /** Origin of the service, as this caller reaches it. */
  readonly baseUrl: string;
  readonly key: ServiceKey;
}

export interface ServiceCall {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Below the origin, such as `/internal/blobs/…`. */
  readonly path: string;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
}

/** Calls another service of the installation, signed. */
export class ServiceClient {
  readonly #options: ServiceClientOptions;

  constructor(options: ServiceClientOptions) {
    this.#options = options;
  }

  /**
   * One signed request. A status is the caller's to judge, but for 401 and 403, which no repetition cures.
   *
   * @throws CkxError `SERVICE_UNREACHABLE` (operational) or `SERVICE_REFUSED` (user: the operator's).
   */
  async call({ method, path, body, contentType = '' }: ServiceCall): Promise<Response> {
    const { baseUrl, key } = this.#options;
    const url = new URL(path, baseUrl);
    const signed = { method, path: url.pathname + url.search, contentType, bodyDigest: bodyDigestOf(body ?? new Uint8Array()) };
    const headers = { authorization: sign(signed, key), ...(contentType === '' ? {} : { 'content-type': contentType }) };
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(body === undefined ? {} : { body }),
    }).catch((cause: unknown) => {
      throw new CkxError('operational', 'SERVICE_UNREACHABLE', `CKX's own service at ${url.origin} does not answer.`, {
        remedy: 'Check that the API runs, and that this machine reaches it at CKX_INTERNAL_URL.',
        cause,
      });
    });
    if (response.status !== 401 && response.status !== 403) return response;
    await response.body?.cancel();
    throw new CkxError('user', 'SERVICE_REFUSED', `${url.origin} refused ${method} ${url.pathname} of the service key ${key.id}.`, {
      remedy: 'Check SERVICE_KEY_ID and SERVICE_KEY here, SERVICE_KEYS there, and that both clocks are right.',
    });
  }
}
