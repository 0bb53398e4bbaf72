import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Skeleton } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { historyTexts } from '../pages/history-texts.ts';
import { sessionTexts } from '../session/texts.ts';
import { AdminPage } from './admin-page.tsx';
import { Deadline } from './deadline.tsx';
import { adminSessionsQuery, statsOfAllQuery, type AdminSession } from './queries.ts';
import { deedsFor, SessionDeed } from './session-deed.tsx';
import { Table } from './table.tsx';
import { adminTexts } from './texts.ts';

/** Sessions as they are now; looked at again every few seconds. */
export function Sessions() {
  const all = useTexts(adminTexts);
  const texts = all.sessions;
  const [active, setActive] = useState(true);
  const { data: sessions, error, refetch } = useQuery(adminSessionsQuery(active));
  const [managed, setManaged] = useState<AdminSession | null>(null);
  if (error !== null && sessions === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  return (
    <AdminPage title={all.sections.sessions} text={texts.text}>
      <Stats />
      <div className="choice" role="group" aria-label={texts.filter}>
        {[true, false].map((one) => (
          <button key={String(one)} type="button" aria-pressed={active === one} onClick={() => setActive(one)}>
            {one ? texts.live : texts.all}
          </button>
        ))}
      </div>
      {sessions === undefined ? (
        <Skeleton height="14rem" />
      ) : sessions.length === 0 ? (
        <p className="card muted">{texts.none}</p>
      ) : (
        <Table label={all.sections.sessions} columns={Object.values(texts.columns)}>
          {inOrder(sessions).map((session) => (
            <Row key={session.examSessionId} session={session} onManage={setManaged} />
          ))}
        </Table>
      )}
      {managed !== null && <SessionDeed session={managed} onClose={() => setManaged(null)} />}
    </AdminPage>
  );
}

/** Those that wait come last, in the order of the queue. */
function inOrder(sessions: readonly AdminSession[]): AdminSession[] {
  return sessions.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0));
}

function Stats() {
  const { stats: names } = useTexts(adminTexts).sessions;
  const { data: stats } = useQuery(statsOfAllQuery);
  return (
    <dl className="facts card">
      {(['active', 'waiting', 'free', 'capacity'] as const).map((name) => (
        <div key={name}>
          <dt>{names[name]}</dt>
          <dd className="figure">{stats === undefined ? '–' : (stats[name] ?? '–')}</dd>
        </div>
      ))}
    </dl>
  );
}

function Row({ session, onManage }: { readonly session: AdminSession; readonly onManage: (session: AdminSession) => void }) {
  const all = useTexts(adminTexts);
  const texts = all.sessions;
  const { userId, userEmail, labTitle, labId, hostId, createdAt, consoleUrl, rehearsal, mode } = session;
  return (
    <tr>
      <td>
        <Link to={`/admin/users/${userId}`}>{userEmail}</Link>
        <span className="muted small">{texts.started(formatMoment(createdAt))}</span>
      </td>
      <td>
        <Link to={`/labs/${labId}`}>{labTitle}</Link>
        <span className="muted small">{rehearsal ? texts.rehearsal : mode === 'practice' ? texts.practice : ''}</span>
      </td>
      <td>
        <State session={session} />
      </td>
      <td className="figure">{hostId ?? '–'}</td>
      <td>
        <Deadline session={session} />
      </td>
      <td>
        <div className="actions">
          {deedsFor(session).length > 0 && (
            <button type="button" className="button" aria-label={texts.manageOf(userEmail)} onClick={() => onManage(session)}>
              {texts.manage}
            </button>
          )}
          {session.attempt === 'graded' && <Link to={`/sessions/${session.examSessionId}`}>{texts.look}</Link>}
          {consoleUrl !== null && (
            <a href={consoleUrl} target="_blank" rel="noreferrer">
              {all.console}
            </a>
          )}
        </div>
      </td>
    </tr>
  );
}

const KINDS = { created: 'warn', initializing: 'accent', ready: 'accent', running: 'good', terminated: '', failed: 'bad' };

function State({ session: { state, outcome, step, place, failure } }: { readonly session: AdminSession }) {
  const { sessions: texts } = useTexts(adminTexts);
  const { states, outcomes } = useTexts(historyTexts);
  const { steps } = useTexts(sessionTexts);
  const more = place !== null ? texts.place(place) : step !== null ? steps[step] : failure !== null ? failure.reason : '';
  return (
    <>
      <span className={`tag ${KINDS[state]}`}>{outcome === null ? states[state] : outcomes[outcome]}</span>
      <span className="muted small">{more}</span>
    </>
  );
}
