import { queryOptions, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { answer, api, type Shape } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { Play } from '../components/icons.tsx';
import { formatClock, formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import './player.css';
import { reviewTexts } from './texts.ts';

const Player = lazy(async () => ({ default: (await import('./player.tsx')).Player }));

const recordingsQuery = (examSessionId: string) =>
  queryOptions({
    queryKey: ['sessions', examSessionId, 'recordings'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions/{id}/recordings', { params: { path: { id: examSessionId } }, signal })),
  });

const castQuery = (examSessionId: string, recordingId: string) =>
  queryOptions({
    queryKey: ['sessions', examSessionId, 'recordings', recordingId],
    queryFn: async ({ signal }): Promise<string> => {
      const params = { path: { id: examSessionId, recordingId } };
      const call = api.GET('/api/v1/sessions/{id}/recordings/{recordingId}', { params, parseAs: 'text', signal });
      return String(await answer<unknown>(call));
    },
    staleTime: Infinity,
  });

/** What was recorded of a session's terminals; nothing where there is nothing. */
export function Recordings({ examSessionId }: { readonly examSessionId: string }) {
  const { recordings: texts } = useTexts(reviewTexts);
  const { data } = useQuery(recordingsQuery(examSessionId));
  if (data === undefined || data.length === 0) return null;
  return (
    <section className="no-print" aria-labelledby="recordings">
      <h2 id="recordings">{texts.title}</h2>
      <ul className="recordings card">
        {data.map((recording) => (
          <Recording key={recording.recordingId} recording={recording} />
        ))}
      </ul>
    </section>
  );
}

function Recording({ recording }: { readonly recording: Shape<'RecordingView'> }) {
  const { recordings: texts } = useTexts(reviewTexts);
  const [open, setOpen] = useState(false);
  const { tab, startedAt, durationMs, cut } = recording;
  return (
    <li>
      <div className="row">
        <div>
          <h3>{texts.tab(tab)}</h3>
          <p className="muted small">{texts.of(formatMoment(startedAt), formatClock(durationMs))}</p>
          {cut && <p className="muted small">{texts.cut}</p>}
        </div>
        <button
          type="button"
          className="button"
          aria-expanded={open}
          {...(open ? {} : { 'aria-label': texts.playOf(texts.tab(tab), formatMoment(startedAt)) })}
          onClick={() => setOpen(!open)}
        >
          {open ? (
            texts.close
          ) : (
            <>
              <Play size={16} />
              {texts.play}
            </>
          )}
        </button>
      </div>
      {open && <Played recording={recording} />}
    </li>
  );
}

function Played({ recording: { examSessionId, recordingId, tab } }: { readonly recording: Shape<'RecordingView'> }) {
  const { recordings: texts } = useTexts(reviewTexts);
  const explain = useExplain();
  const { data: content, error } = useQuery(castQuery(examSessionId, recordingId));
  if (error !== null && content === undefined) return <p role="alert">{explain(error)}</p>;
  const loading = <p className="muted">{texts.loading}</p>;
  if (content === undefined) return loading;
  return (
    <Suspense fallback={loading}>
      <Player content={content} label={texts.tab(tab)} />
    </Suspense>
  );
}
