import type { IncomingMessage } from 'node:http';
import { listConnections } from '@ckx/connections';
import { CloseConnectionsBody, CONNECTION_ENDS, ConnectionId, ExamSessionId } from '@ckx/contracts';
import type { Logger } from '@ckx/logging';
import type { DataSource } from '@ckx/persistence';
import { bodyDigestOf, isAllowed, verify, type AcceptedKey, type Refusal } from '@ckx/service-auth';
import { ReplayGuard } from '@ckx/service-auth/replay';
import type { Connections } from './connections.ts';
import { readTarget } from './target.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface InternalParts {
  readonly keys: readonly AcceptedKey[];
  readonly dataSource: DataSource;
  readonly connections: Connections;
  readonly logger: Logger;
}

/** What other services of the installation may ask: signed requests alone, and whatever is wrong with one, the answer is the same. */
export function internalApi({ keys, dataSource, connections, logger }: InternalParts) {
  const replays = new ReplayGuard(dataSource);

  const authenticate = async (request: IncomingMessage): Promise<Buffer | Refusal | 'out_of_scope' | 'too_large'> => {
    const { method = '', url: path = '', headers } = request;
    const verified = verify(headers.authorization, { method, path, contentType: headers['content-type'] ?? '' }, keys);
    if ('refusal' in verified) return verified.refusal;
    if (!(await replays.claim(verified))) return 'replayed';
    if (!isAllowed(verified.scope, method, path)) return 'out_of_scope';
    const body = await bodyOf(request);
    if (body === null) return 'too_large';
    return bodyDigestOf(body) === verified.bodyDigest ? body : 'wrong_body';
  };

  /** @returns null where there is no such path. */
  const answer = async (method: string, { pathname, searchParams }: URL, body: Buffer): Promise<Answer | null> => {
    const [, , resource, name] = pathname.split('/');
    switch (`${method} ${resource}`) {
      case 'GET connections': {
        const id = ExamSessionId.safeParse(searchParams.get('examSessionId'));
        if (!id.success || name !== undefined) return problem(422, 'EXAM_SESSION_ID_MISSING');
        const open = new Set(connections.of(id.data).map(({ about }) => about.id));
        const rows = await listConnections(dataSource, id.data);
        return { status: 200, body: { connections: rows, here: [...open] } };
      }
      case 'POST connections': {
        const asked = CloseConnectionsBody.safeParse(jsonOf(body));
        if (name !== 'close') return null;
        if (!asked.success) return problem(422, 'BODY_INVALID');
        return {
          status: 200,
          body: { closed: end(connections, (about) => about.examSessionId === asked.data.examSessionId, asked.data.message) },
        };
      }
      case 'DELETE connections': {
        const id = ConnectionId.safeParse(name);
        const closed = id.success ? end(connections, (about) => about.id === id.data) : 0;
        return closed === 0 ? problem(404, 'CONNECTION_UNKNOWN') : { status: 200, body: { closed } };
      }
      case 'GET routing': {
        const id = ExamSessionId.safeParse(name);
        const target = id.success ? await readTarget(dataSource, id.data) : null;
        if (target === null) return problem(404, 'ROUTE_UNKNOWN');
        const { facts, ...route } = target;
        return { status: 200, body: { ...route, hostKey: facts?.sshHostKey ?? null, terminal: facts?.terminalKey !== undefined } };
      }
      default:
        return null;
    }
  };

  return async (request: IncomingMessage): Promise<Answer> => {
    const body = await authenticate(request);
    const url = new URL(request.url ?? '/', 'http://gateway');
    if (typeof body === 'string') {
      logger.warn({ refusal: body, method: request.method, path: url.pathname }, 'internal: a request was refused');
      return problem(401, 'SERVICE_UNAUTHENTICATED');
    }
    return (await answer(request.method ?? '', url, body)) ?? problem(404, 'NOT_FOUND');
  };
}

function end(
  connections: Connections,
  which: (about: { id: ConnectionId; examSessionId: ExamSessionId }) => boolean,
  message?: string,
): number {
  const found = connections.all().filter(({ about }) => which(about));
  for (const connection of found) connection.end('CLOSED_BY_OPERATOR', message ?? CONNECTION_ENDS.CLOSED_BY_OPERATOR.message);
  return found.length;
}

function problem(status: number, code: string): Answer {
  return { status, body: { type: 'about:blank', title: code, status, code } };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > BODY_LIMIT_BYTES) return null;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
