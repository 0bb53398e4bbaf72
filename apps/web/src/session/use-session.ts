import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef, useState } from 'react';
import { answer, api, type Shape } from '../api/client.ts';
import type { ServerSentEvent } from '../api/event-stream.ts';
import { sessionsQuery } from '../api/queries.ts';
import { ServerClock } from './clock.ts';
import { hear, NOTHING_TOLD, type Told } from './events.ts';
import { listen } from './listen.ts';

/** Events come in bursts; one look at the status tells them all. */
const SETTLE_MS = 60;
/** Where nothing is heard, the status is asked for. */
const POLL_MS = 5_000;

/** One clock for all: it is the same server. */
export const serverClock = new ServerClock();

const key = (examSessionId: string, ...of: string[]) => ['sessions', examSessionId, ...of];

export const statusQuery = (examSessionId: string) =>
  queryOptions({
    queryKey: key(examSessionId, 'status'),
    queryFn: async ({ signal }) => {
      const mark = serverClock.mark();
      const status = await answer(api.GET('/api/v1/sessions/{id}/status', { params: { path: { id: examSessionId } }, signal }));
      serverClock.learn(status.now, mark);
      return status;
    },
    staleTime: 0,
  });

const viewQuery = (examSessionId: string) =>
  queryOptions({
    queryKey: key(examSessionId, 'view'),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/{id}', { params: { path: { id: examSessionId } }, signal })),
    staleTime: 0,
  });

export const questionsQuery = (examSessionId: string) =>
  queryOptions({
    queryKey: key(examSessionId, 'questions'),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/{id}/questions', { params: { path: { id: examSessionId } }, signal })),
    // Pinned by the pack's digest.
    staleTime: Infinity,
  });

export const resultQuery = (examSessionId: string) =>
  queryOptions({
    queryKey: key(examSessionId, 'result'),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/{id}/result', { params: { path: { id: examSessionId } }, signal })),
    staleTime: 0,
  });

export interface SessionNow {
  readonly status: Shape<'SessionStatus'> | undefined;
  readonly view: Shape<'SessionView'> | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly told: Told;
  /** Whether the server can be heard. */
  readonly live: boolean;
}

/** A session with everything that was read of it. */
export interface KnownSession extends SessionNow {
  readonly status: NonNullable<SessionNow['status']>;
  readonly view: NonNullable<SessionNow['view']>;
}

/**
 * A session as the server tells of it. Events say that something happened, the status says what is: nothing of a session is computed or
 * kept here but the number of the last event.
 */
export function useSession(examSessionId: string): SessionNow {
  const client = useQueryClient();
  const [live, setLive] = useState(true);
  const [told, tell] = useReducer(
    (before: Told, { event, openedAt }: { event: ServerSentEvent; openedAt: number }) => hear(before, event, openedAt),
    NOTHING_TOLD,
  );
  const lastId = useRef(0);
  const status = useQuery({ ...statusQuery(examSessionId), refetchInterval: live ? false : POLL_MS });
  const view = useQuery(viewQuery(examSessionId));
  const known = status.data !== undefined;

  useEffect(() => {
    // Once the status was read: then there is such a session, it is ours, and the server's time is known.
    if (!known) return undefined;
    const ending = new AbortController();
    const openedAt = serverClock.now() ?? 0;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(settling);
      settling = setTimeout(() => {
        void client.invalidateQueries({ queryKey: key(examSessionId), predicate: ({ queryKey }) => queryKey[2] !== 'questions' });
        void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      }, SETTLE_MS);
    };
    const listener = {
      lastId: () => lastId.current,
      onEvent: (event: ServerSentEvent) => {
        lastId.current = Math.max(lastId.current, Number(event.id ?? 0) || 0);
        tell({ event, openedAt });
        look();
        return event.event === 'end';
      },
      onConnection: (isLive: boolean) => {
        setLive(isLive);
        // What was missed meanwhile, and how late it is.
        look();
      },
    };
    void listen(examSessionId, listener, ending.signal);
    return () => {
      ending.abort();
      clearTimeout(settling);
    };
  }, [examSessionId, client, known]);

  return {
    status: status.data,
    view: view.data,
    error: status.error ?? view.error,
    retry: () => void Promise.all([status.refetch(), view.refetch()]),
    told,
    live,
  };
}
