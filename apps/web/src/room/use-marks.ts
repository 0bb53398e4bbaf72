import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useMemo } from 'react';
import { answer, api, type Shape } from '../api/client.ts';

const path = (id: string, position: number) => ({ params: { path: { id, position } } });

const flagsQuery = (id: string) =>
  queryOptions({
    queryKey: ['sessions', id, 'flags'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/{id}/flags', { params: { path: { id } }, signal })),
  });

export interface Marks {
  readonly isFlagged: (position: number) => boolean;
  readonly isOpened: (position: number) => boolean;
  readonly toggleFlag: (position: number) => void;
}

/** Which tasks are flagged, and which were looked at: kept by the server, so that another computer knows it too. */
export function useMarks(examSessionId: string, current: number): Marks {
  const client = useQueryClient();
  const query = useMemo(() => flagsQuery(examSessionId), [examSessionId]);
  const { data } = useQuery(query);
  const known = useMemo(() => new Map((data?.flags ?? []).map((flag) => [flag.position, flag])), [data]);
  const { mutate } = useMutation({
    mutationFn: ({ position, ...body }: { position: number } & Shape<'FlagBody'>) =>
      answer(api.PUT('/api/v1/sessions/{id}/flags/{position}', { ...path(examSessionId, position), body })),
    onSuccess: (flag) => {
      client.setQueryData(query.queryKey, (before) => ({
        flags: [...(before?.flags ?? []).filter(({ position }) => position !== flag.position), flag],
      }));
    },
    // What was not answered is told again: nothing is lost by saying it twice.
    retry: 5,
    retryDelay: 2_000,
  });
  const isOpened = (position: number) => known.get(position)?.openedAt != null;
  const unopened = data !== undefined && !isOpened(current);
  const open = useEffectEvent(() => mutate({ position: current, opened: true }));
  useEffect(() => {
    if (unopened) open();
  }, [unopened, current]);
  const isFlagged = (position: number) => known.get(position)?.flagged === true;
  const toggleFlag = useCallback(
    (position: number) => mutate({ position, flagged: known.get(position)?.flagged !== true }),
    [mutate, known],
  );
  return { isFlagged, isOpened, toggleFlag };
}
