import { Link } from 'react-router';
import { Warning } from '../components/icons.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { sharedTexts } from '../components/texts.ts';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from './use-session.ts';
import { sessionTexts } from './texts.ts';

export function FailedSession({ session: { status, view } }: { readonly session: KnownSession }) {
  const { failed, steps } = useTexts(sessionTexts);
  const shared = useTexts(sharedTexts);
  const { failure } = status;
  const step = Object.entries(steps).find(([name]) => name === failure?.step)?.[1] ?? failure?.step;
  return (
    <Page title={failed.title}>
      <div className="medium stack">
        <PageHead title={failed.title}>{failure?.type === 'access' ? undefined : failed.text}</PageHead>
        <section className="card stack" aria-labelledby="what">
          <h2 id="what">
            <Warning /> {failed.what}
          </h2>
          <p className="lead-text">{failure?.reason}</p>
          {failure?.remedy !== undefined && <p>{failure.remedy}</p>}
          <p className="muted small">
            {step !== undefined && `${failed.step}: ${step}. `}
            {failure !== null && failed.askedBy(failure.code)}
          </p>
          <div className="actions">
            <Link className="button primary" to={`/labs/${view.labId}`}>
              {failed.again}
            </Link>
            <Link className="button quiet" to="/labs">
              {shared.toLabs}
            </Link>
          </div>
        </section>
      </div>
    </Page>
  );
}
