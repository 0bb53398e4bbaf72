import { QueryClient } from '@tanstack/react-query';
import { tokens } from '../auth/browser.ts';
import { ApiProblem } from './problem.ts';

/** What the server refused by rule it refuses again; what did not arrive is asked for again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  if (failures >= 3) return false;
  return !(error instanceof ApiProblem) || error.status >= 500;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: isWorthRetrying },
    mutations: { retry: false },
  },
});

/** Somebody else may be signed in: nothing that was read for the one before is shown any longer. Once pages that need an account are gone. */
tokens.onChange = () => {
  setTimeout(() => {
    queryClient.removeQueries({ type: 'inactive' });
    void queryClient.resetQueries({ type: 'active' });
  });
};
