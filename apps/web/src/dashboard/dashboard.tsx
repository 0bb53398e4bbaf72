import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { meQuery, openSession, sessionsQuery } from '../api/queries.ts';
import { ArrowRight } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import './dashboard.css';
import { DrillCard } from './drill.tsx';
import { PassCard } from './pass-card.tsx';
import { Recent } from './recent.tsx';
import { SessionCard } from './session-card.tsx';
import { dashboardTexts } from './texts.ts';
import { Trend } from './trend.tsx';
import { Weakest } from './weakest.tsx';

/** Where one arrives after signing in. */
export function Dashboard() {
  const texts = useTexts(dashboardTexts);
  const me = useQuery(meQuery);
  const sessions = useQuery({ ...sessionsQuery, refetchInterval: 30_000 });
  const error = me.error ?? sessions.error;
  if (me.data === undefined || sessions.data === undefined) {
    if (error === null) return <LoadingPage />;
    return <Failed error={error} onRetry={() => void Promise.all([me.refetch(), sessions.refetch()])} />;
  }
  const open = openSession(sessions.data);
  return (
    <Page title={texts.title}>
      <PageHead title={texts.hello(me.data.name)}>{texts.text}</PageHead>
      <div className="dashboard">
        <div className="stack">
          {open === undefined ? <NextStep /> : <SessionCard session={open} />}
          <Trend />
          <Recent />
        </div>
        <div className="stack">
          <PassCard />
          <Weakest />
          {open === undefined && <DrillCard />}
        </div>
      </div>
    </Page>
  );
}

function NextStep() {
  const { next } = useTexts(dashboardTexts);
  return (
    <section className="card next-step" aria-label={next.label}>
      <div>
        <h2>{next.title}</h2>
        <p className="muted">{next.text}</p>
      </div>
      <Link className="button primary large" to="/labs">
        {next.labs}
        <ArrowRight />
      </Link>
    </section>
  );
}
