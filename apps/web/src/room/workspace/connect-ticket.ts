import { answer, api } from '../../api/client.ts';
import type { Ticket } from './terminal-connection.ts';

/** A ticket for one connection to a part of the session. @throws ApiProblem where it is refused. */
export function connectTicket(examSessionId: string, kind: 'terminal' | 'desktop'): Promise<Ticket> {
  return answer(api.POST('/api/v1/sessions/{id}/connect', { params: { path: { id: examSessionId } }, body: { kind } }));
}
