import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { ArrowRight } from '../components/icons.tsx';
import { formatClock } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { statusQuery } from '../session/use-session.ts';
import { useTimeLeft } from '../session/use-time-left.ts';
import { dashboardTexts } from './texts.ts';

/** The session that is open, and the one way back to it. */
export function SessionCard({ session }: { readonly session: Shape<'SessionView'> }) {
  const texts = useTexts(dashboardTexts).session;
  // Its time is the server's; the status brings it along.
  const { data: status } = useQuery({ ...statusQuery(session.examSessionId), refetchInterval: 10_000 });
  const state = status?.state ?? session.state;
  const left = useTimeLeft(state === 'running' ? (status?.deadlineAt ?? null) : null);
  return (
    <section className="card session-card" aria-label={texts.label}>
      <div className="what">
        <p className="tag accent">{texts.states[state]}</p>
        <h2>{session.labTitle}</h2>
      </div>
      {left !== null && (
        <p className="left">
          <span className="muted small">{texts.left}</span>
          <span className="figure" role="timer">
            {formatClock(left)}
          </span>
        </p>
      )}
      <Link className="button primary large" to={`/sessions/${session.examSessionId}`}>
        {texts.back}
        <ArrowRight />
      </Link>
    </section>
  );
}
