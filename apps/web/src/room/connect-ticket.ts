import { answer, api } from '../api/client.ts';
import type { Ticket } from './terminal-connection.ts';

/** A ticket for one connection to the session's terminal. @throws ApiProblem where it is refused. */
export function connectTicket(examSessionId: string): Promise<Ticket> {
  return answer(api.POST('/api/v1/sessions/{id}/connect', { params: { path: { id: examSessionId } }, body: { kind: 'terminal' } }));
}
