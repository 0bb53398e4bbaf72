import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { attemptsQuery, sessionsQuery } from '../api/queries.ts';
import { Clock } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { historyTexts } from './history-texts.ts';
import './history.css';

export function History() {
  const texts = useTexts(historyTexts);
  const { data: sessions, error, refetch } = useQuery(sessionsQuery);
  if (error !== null && sessions === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (sessions === undefined) return <LoadingPage />;
  return (
    <Page title={texts.title}>
      <PageHead title={texts.title}>{texts.text}</PageHead>
      {sessions.length === 0 ? <Nothing /> : <Rows sessions={sessions} />}
    </Page>
  );
}

function Nothing() {
  const texts = useTexts(historyTexts);
  return (
    <div className="empty card">
      <Clock size={40} />
      <h2>{texts.empty}</h2>
      <p>{texts.emptyText}</p>
      <Link className="button primary" to="/labs">
        {texts.toLabs}
      </Link>
    </div>
  );
}

function Rows({ sessions }: { readonly sessions: readonly Shape<'SessionView'>[] }) {
  const texts = useTexts(historyTexts);
  const { data } = useQuery(attemptsQuery);
  const attempts = new Map(data?.attempts.map((attempt) => [attempt.examSessionId, attempt]));
  return (
    <ul className="rows card">
      {sessions.map((session) => (
        <li key={session.examSessionId}>
          <div>
            <h2>
              <Link to={`/sessions/${session.examSessionId}`}>{session.labTitle}</Link>
            </h2>
            <p className="muted">
              <time dateTime={session.createdAt}>{formatMoment(session.createdAt)}</time>
            </p>
          </div>
          <div className="tags">
            {session.mode === 'practice' && <span className="tag">{texts.practice}</span>}
            {session.rehearsal && <span className="tag">{texts.rehearsal}</span>}
            <StateTag session={session} />
            <Score attempt={attempts.get(session.examSessionId)} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function StateTag({ session: { state, outcome } }: { readonly session: Shape<'SessionView'> }) {
  const texts = useTexts(historyTexts);
  const text = outcome === null ? texts.states[state] : texts.outcomes[outcome];
  const kind = state === 'failed' ? 'bad' : state === 'terminated' ? '' : 'accent';
  return <span className={`tag ${kind}`}>{text}</span>;
}

function Score({ attempt }: { readonly attempt: Shape<'HistoryEntry'> | undefined }) {
  const texts = useTexts(historyTexts);
  if (attempt?.percent == null) return null;
  return (
    <span className={`tag figure ${attempt.passed === true ? 'good' : 'bad'}`}>
      {attempt.passed === true ? texts.passed(attempt.percent) : texts.missed(attempt.percent)}
    </span>
  );
}
