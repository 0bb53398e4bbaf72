import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { answer, api, type Shape } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { accessQuery, sessionsQuery } from '../api/queries.ts';

/** What is asked for: a pass that waits is not activated unless somebody said so. */
export type Wish = Pick<Shape<'CreateSessionBody'>, 'labId' | 'mode' | 'drill' | 'activatePass'>;

/** Starts a session and goes there; a lab that needs a pass, where there is none, leads to the prices. */
export function useStart() {
  const navigate = useNavigate();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => answer(api.POST('/api/v1/sessions', { body: { activatePass: false, ...wish } })),
    onSuccess: async ({ examSessionId }) => {
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      void client.invalidateQueries({ queryKey: accessQuery.queryKey });
      await navigate(`/sessions/${examSessionId}`);
    },
    onError: async (error, { labId }) => {
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      if (needsPass(error) && !passWaits(error)) await navigate(`/pricing?lab=${encodeURIComponent(labId)}`);
    },
  });
}

const needsPass = (error: unknown): boolean => hasCode(error, 'PASS_REQUIRED');

/** There is one that was bought and not begun. */
export const passWaits = (error: unknown): boolean => hasCode(error, 'PASS_REQUIRED') && error.fact('waitingPassId') !== undefined;
