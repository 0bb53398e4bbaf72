import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Shape } from './client.ts';

/** Everything that is read from the API, by one key each. What belongs to an account is let go of when somebody else signs in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/users/me', { signal })),
});

/** By account: a visitor sees mock labs only. */
export const labsQuery = queryOptions({
  queryKey: ['labs'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/labs', { signal })),
});

export const labQuery = (labId: string) =>
  queryOptions({
    queryKey: ['labs', labId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/labs/{labId}', { params: { path: { labId } }, signal })),
  });

/** My sessions, newest first; an administrator's own as well. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions', 'mine'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions', { params: { query: { limit: 200 } }, signal })),
});

const OVER: ReadonlySet<Shape<'SessionView'>['state']> = new Set(['terminated', 'failed']);

/** There is one at most. */
export const openSession = (sessions: readonly Shape<'SessionView'>[]): Shape<'SessionView'> | undefined =>
  sessions.find(({ state }) => !OVER.has(state));

/** Attempts of mine with their scores. */
export const attemptsQuery = queryOptions({
  queryKey: ['attempts'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/users/me/history', { params: { query: { limit: 100 } }, signal })),
});

export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/billing/plans', { signal })),
});

/** Whether full labs are open to me. `endsAt` is of this page's monotonic clock, so that nobody's own clock counts; null where none runs. */
export const accessQuery = queryOptions({
  queryKey: ['access'],
  queryFn: async ({ signal }) => {
    const status = await answer(api.GET('/api/v1/access/status', { signal }));
    return { ...status, endsAt: status.valid ? performance.now() + status.remainingSeconds * 1000 : null };
  },
});

/** Every pass that I have or had, oldest first. */
export const passesQuery = queryOptions({
  queryKey: ['access', 'passes'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/access/passes', { signal })),
});

/** What my attempts come to. */
export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/users/me/stats', { signal })),
});

export const checkoutQuery = (id: string) =>
  queryOptions({
    queryKey: ['checkouts', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/billing/checkout/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
