import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { attemptsQuery } from '../api/queries.ts';
import { Skeleton } from '../components/loading.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import '../pages/history.css';
import { dashboardTexts } from './texts.ts';

const SHOWN = 5;

export function Recent() {
  const texts = useTexts(dashboardTexts).recent;
  const { data } = useQuery(attemptsQuery);
  const attempts = data?.attempts.slice(0, SHOWN);
  return (
    <section aria-labelledby="recent">
      <div className="section-head">
        <h2 id="recent">{texts.title}</h2>
        <Link to="/history">{texts.all}</Link>
      </div>
      {attempts === undefined ? (
        <Skeleton height="10rem" />
      ) : attempts.length === 0 ? (
        <p className="card muted">{texts.nothing}</p>
      ) : (
        <ul className="rows card">
          {attempts.map((attempt) => (
            <Attempt key={attempt.attemptId} attempt={attempt} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Attempt({ attempt }: { readonly attempt: Shape<'HistoryEntry'> }) {
  const texts = useTexts(dashboardTexts).recent;
  const { examSessionId, labTitle, endedAt, startedAt, percent, passed, state, mode } = attempt;
  const at = endedAt ?? startedAt;
  return (
    <li>
      <div>
        <h3>
          <Link to={`/sessions/${examSessionId}`}>{labTitle}</Link>
        </h3>
        {at !== null && (
          <p className="muted">
            <time dateTime={at}>{formatMoment(at)}</time>
          </p>
        )}
      </div>
      <div className="tags">
        {mode === 'practice' && <span className="tag">{texts.practice}</span>}
        {state === 'graded' && percent !== null ? (
          <span className={`tag figure ${passed === true ? 'good' : 'bad'}`}>{percent} %</span>
        ) : (
          <span className="tag">{texts.states[state]}</span>
        )}
      </div>
    </li>
  );
}
