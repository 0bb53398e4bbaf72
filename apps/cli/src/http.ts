/** Calls of the API: every answer is parsed, every failure becomes a sentence with a remedy. */
import { CkxError, Problem } from '@ckx/contracts';
import type { z } from 'zod';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly file?: { readonly mediaType: string; readonly content: Uint8Array<ArrayBuffer> };
  readonly accessToken?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How long an answer may take; streams have no such limit. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * @param path below the API's root, such as `/sessions`.
 * @throws CkxError `API_UNREACHABLE`, `API_ANSWER_UNKNOWN`, or with the code of the problem document that was answered.
 */
export async function callApi<S extends z.ZodType>(apiUrl: string, schema: S, path: string, call: Call = {}): Promise<z.output<S>> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  const response = await openApi(apiUrl, path, { ...call, signal });
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(apiUrl, cause);
  });
  const parsed = schema.safeParse(text === '' ? undefined : json(text));
  if (parsed.success) return parsed.data;
  throw new CkxError('operational', 'API_ANSWER_UNKNOWN', `CKX at ${apiUrl} answered ${path} in a form that this ckx does not know.`, {
    remedy: 'Use the ckx of the same version as the installation.',
    cause: parsed.error,
  });
}

/** The response itself once its status says that it is good; for streams. */
export async function openApi(apiUrl: string, path: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
  if (call.accessToken !== undefined) headers['authorization'] = `Bearer ${call.accessToken}`;
  const body = call.file?.content ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  if (body !== undefined) headers['content-type'] = call.file?.mediaType ?? 'application/json';
  const response = await fetch(`${apiUrl}/api/v1${path}`, {
    method: call.method ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  }).catch((cause: unknown) => {
    if (call.signal?.aborted === true && !(call.signal.reason instanceof DOMException && call.signal.reason.name === 'TimeoutError'))
      throw cause;
    throw unreachable(apiUrl, cause);
  });
  if (!response.ok) throw await refusal(apiUrl, path, response);
  return response;
}

function unreachable(apiUrl: string, cause: unknown): CkxError {
  return new CkxError('operational', 'API_UNREACHABLE', `CKX does not answer at ${apiUrl}.`, {
    remedy: 'Start it with: npm start (or name another address with --api or CKX_API_URL).',
    cause,
  });
}

/** @returns the error that the API's problem document describes. */
async function refusal(apiUrl: string, path: string, response: Response): Promise<CkxError> {
  const problem = Problem.safeParse(json(await response.text().catch(() => '')));
  if (!problem.success) {
    return new CkxError(
      'operational',
      'API_ANSWER_UNKNOWN',
      `${apiUrl} answered ${path} with status ${response.status} and no problem document.`,
      {
        remedy: 'Check that CKX runs at this address.',
        details: { status: response.status },
      },
    );
  }
  const { code, detail, remedy, status } = problem.data;
  return new CkxError(status >= 500 ? 'operational' : 'user', code, detail, {
    ...(remedy === undefined ? {} : { remedy }),
    details: { status },
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
