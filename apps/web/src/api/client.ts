import createClient from 'openapi-fetch';
import { tokens } from '../auth/browser.ts';
import { ApiProblem, isProblem, unreadable, Unreachable } from './problem.ts';
import type { components, paths } from './schema.gen.ts';

/** A shape of the API by its name in docs/openapi.json. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Sends a request with the access token of whoever is signed in; a token that was refused is replaced once. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await tokens.token();
  const response = await send(request, token);
  if (response.status !== 401 || token === null) return response;
  return send(again, await tokens.replace(token));
}

async function send(request: Request, token: string | null): Promise<Response> {
  if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new Unreachable(cause);
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorizedFetch });

interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer, or what was refused as an {@link ApiProblem}. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw toProblem(error, response);
  // A body that is empty on purpose (204) is undefined, which T then says.
  return data as T;
}

function toProblem(error: unknown, response: Response): ApiProblem {
  const retryAfter = Number(response.headers.get('retry-after'));
  return new ApiProblem(isProblem(error) ? error : unreadable(response.status), retryAfter > 0 ? retryAfter : undefined);
}

/** For answers that the client above does not read: event streams. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  return toProblem(await response.json().catch(() => null), response);
}
