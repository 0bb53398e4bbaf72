import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Shape } from '../api/client.ts';
import { ServerClock } from '../session/clock.ts';

/** The server's clock by the dates of its answers: to the second, which is what an overview needs. Rooms have one of their own. */
export const overviewClock = new ServerClock();

const LIVE_MS = 5_000;

export type AdminSession = Shape<'AdminSessionView'>;

export const adminSessionsQuery = (active: boolean) =>
  queryOptions({
    queryKey: ['admin', 'sessions', active],
    queryFn: async ({ signal }) => {
      const mark = overviewClock.mark();
      const call = await api.GET('/api/v1/admin/sessions', {
        params: { query: { active: String(active), limit: active ? 200 : 100 } },
        signal,
      });
      const date = call.response.headers.get('date');
      if (date !== null) overviewClock.learn(date, mark);
      return answer(Promise.resolve(call));
    },
    refetchInterval: LIVE_MS,
  });

export const statsOfAllQuery = queryOptions({
  queryKey: ['admin', 'stats'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/stats', { signal })),
  refetchInterval: LIVE_MS,
});

export const hostsQuery = queryOptions({
  queryKey: ['admin', 'hosts'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/hosts', { signal })),
  refetchInterval: LIVE_MS,
});

export const portsQuery = queryOptions({
  queryKey: ['admin', 'ports'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/ports/stats', { signal })),
  refetchInterval: LIVE_MS,
});

export const poolQuery = queryOptions({
  queryKey: ['admin', 'pool'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/pool', { signal })),
  refetchInterval: LIVE_MS,
});

export const maintenanceQuery = queryOptions({
  queryKey: ['admin', 'maintenance'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/maintenance', { signal })),
});

interface UserFilter {
  readonly email: string;
  readonly role: Shape<'UserView'>['role'] | undefined;
}

export const usersQuery = ({ email, role }: UserFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'users', 'list', email, role],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/v1/admin/users', {
          params: { query: { email, ...(role && { role }), ...(pageParam !== null && { after: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const userQuery = (userId: string) =>
  queryOptions({
    queryKey: ['admin', 'users', userId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/users/{userId}', { params: { path: { userId } }, signal })),
  });

export const passesOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['admin', 'users', userId, 'passes'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/users/{userId}/passes', { params: { path: { userId } }, signal })),
  });

export interface PaymentFilter {
  readonly userId?: string | undefined;
  readonly status?: Shape<'PaymentView'>['status'] | undefined;
}

export const paymentsQuery = ({ userId, status }: PaymentFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'payments', userId, status],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/v1/admin/payments', {
          params: { query: { ...(userId && { userId }), ...(status && { status }), ...(pageParam !== null && { before: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export type AuditKind = 'session' | 'host' | 'user' | 'pass' | 'payment' | 'mail' | 'installation';

export const auditQuery = (filter: { readonly kind?: AuditKind | undefined; readonly targetId?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'audit', filter.kind, filter.targetId],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/v1/admin/audit', {
          params: {
            query: {
              ...(filter.kind && { targetKind: filter.kind }),
              ...(filter.targetId && { targetId: filter.targetId }),
              ...(pageParam !== null && { before: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  });

export type MailState = Shape<'MailPage'>['mails'][number]['state'];

export const mailsQuery = (recipient: string, state: MailState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'mails', recipient, state],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/v1/admin/mails', {
          params: { query: { recipient, ...(state && { state }), ...(pageParam !== null && { before: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const mailQuery = (mailId: string) =>
  queryOptions({
    queryKey: ['admin', 'mail', mailId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/mails/{mailId}', { params: { path: { mailId } }, signal })),
  });
