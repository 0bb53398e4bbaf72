import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import { answer, api } from '../api/client.ts';
import { NoteSaver, type NoteState } from './note-saver.ts';

const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ['sessions', id, 'notes'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/{id}/notes', { params: { path: { id } }, signal })),
  });

export interface UsedNotes {
  readonly textOf: (position: number) => string;
  readonly edit: (position: number, text: string) => void;
  readonly state: NoteState;
}

/** Notes of each task, kept by the server. */
export function useNotes(examSessionId: string): UsedNotes {
  const client = useQueryClient();
  const query = useMemo(() => notesQuery(examSessionId), [examSessionId]);
  const { data } = useQuery(query);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [saver] = useState(
    () =>
      new NoteSaver({
        save: async (position, text) => {
          const params = { path: { id: examSessionId, position } };
          await answer(api.PUT('/api/v1/sessions/{id}/notes/{position}', { params, body: { text } }));
          const note = { position, text, updatedAt: '' };
          client.setQueryData(query.queryKey, (before) => ({
            notes: [...(before?.notes ?? []).filter((one) => one.position !== position), ...(text === '' ? [] : [note])],
          }));
        },
        onChange: redraw,
      }),
  );
  useEffect(() => {
    const flush = () => saver.flush();
    document.addEventListener('visibilitychange', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      saver.flush();
    };
  }, [saver]);
  return {
    textOf: (position) => saver.draft(position) ?? data?.notes.find((note) => note.position === position)?.text ?? '',
    edit: useCallback((position: number, text: string) => saver.edit(position, text), [saver]),
    state: saver.state,
  };
}
