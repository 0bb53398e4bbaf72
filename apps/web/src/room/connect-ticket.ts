import { authorizedFetch, problemOf } from '../api/client.ts';
import type { Ticket } from './terminal-connection.ts';

/** A ticket for one connection to the session's terminal. @throws ApiProblem where it is refused. */
export async function connectTicket(examSessionId: string): Promise<Ticket> {
  const response = await authorizedFetch(
    new Request(`/api/v1/sessions/${encodeURIComponent(examSessionId)}/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'terminal' }),
    }),
  );
  if (!response.ok) throw await problemOf(response);
  const answer: unknown = await response.json();
  if (!isTicket(answer)) throw new Error('The server answered no ticket.');
  return answer;
}

function isTicket(value: unknown): value is Ticket {
  if (typeof value !== 'object' || value === null || !('url' in value) || !('protocols' in value)) return false;
  return typeof value.url === 'string' && Array.isArray(value.protocols) && value.protocols.every((one) => typeof one === 'string');
}
