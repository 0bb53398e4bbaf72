import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { Link } from 'react-router';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from './use-session.ts';
import { sessionTexts } from './texts.ts';
import { resultQuery } from './use-session.ts';

const Result = lazy(async () => ({ default: (await import('./result.tsx')).Result }));

/** A session that is over: being graded, graded, or ended without a grade, with the reason. */
export function Ended({ session }: { readonly session: KnownSession }) {
  const { ended } = useTexts(sessionTexts);
  const { status } = session;
  switch (status.attempt) {
    case 'graded':
      return <Graded session={session} />;
    case 'grading':
      return <Grading session={session} />;
    case 'in_progress':
      // The moment between the end and its grading; what is not graded never leaves this state.
      return isGraded(status.outcome) ? <Grading session={session} /> : <Over session={session} />;
    case 'grading_failed':
      return (
        <Over session={session}>
          <Notice kind="bad" title={ended.gradingFailed}>
            <p>{ended.gradingFailedText}</p>
          </Notice>
        </Over>
      );
    case 'void':
      return (
        <Over session={session}>
          <Notice kind="warn" title={ended.void}>
            <p>{ended.voidText}</p>
          </Notice>
        </Over>
      );
    case null:
      return <Over session={session} />;
  }
}

const isGraded = (outcome: KnownSession['status']['outcome']) => outcome === 'submitted' || outcome === 'expired';

function Over({ session, children }: { readonly session: KnownSession; readonly children?: ReactNode }) {
  const { ended, failed } = useTexts(sessionTexts);
  const { status, view, told } = session;
  const title = ended[status.outcome ?? 'cancelled'];
  const text =
    status.startedAt === null ? ended.neverStarted : status.outcome === 'terminated_by_admin' ? ended.costsNothing : ended.notGraded;
  return (
    <Page title={title}>
      <div className="medium stack">
        <PageHead title={title}>{children === undefined ? text : view.labTitle}</PageHead>
        {status.outcome === 'terminated_by_admin' && told.endReason !== null && (
          <Notice kind="warn" title={ended.reason}>
            <p>{told.endReason}</p>
          </Notice>
        )}
        {children}
        <div className="actions">
          <Link className="button primary" to={`/labs/${view.labId}`}>
            {failed.backToLab}
          </Link>
          <Link className="button" to="/history">
            {ended.toHistory}
          </Link>
        </div>
      </div>
    </Page>
  );
}

/** How often the result is looked at while it is being made: its questions come one by one, without an event. */
const LOOK_MS = 1_500;

function Grading({ session: { status } }: { readonly session: KnownSession }) {
  const { ended } = useTexts(sessionTexts);
  const { data: result } = useQuery({ ...resultQuery(status.examSessionId), refetchInterval: LOOK_MS });
  // A question that was not graded yet is there without its checks.
  const done = result?.questions.filter(({ checks }) => checks.length > 0).length ?? 0;
  const total = result?.questions.length ?? 0;
  const title = ended[status.outcome === 'expired' ? 'expired' : 'submitted'];
  return (
    <Page title={title}>
      <div className="medium stack">
        <PageHead title={title} />
        <section className="card stack" aria-labelledby="grading">
          <h2 id="grading">{ended.grading}</h2>
          <p className="muted">{ended.gradingText}</p>
          {total > 0 && (
            <>
              <progress value={done} max={total} aria-labelledby="graded" />
              <p id="graded" role="status">
                {ended.gradedOf(done, total)}
              </p>
            </>
          )}
        </section>
      </div>
    </Page>
  );
}

function Graded({ session }: { readonly session: KnownSession }) {
  const { data: result, error, refetch } = useQuery(resultQuery(session.status.examSessionId));
  if (error !== null && result === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (result?.percent == null) return <LoadingPage />;
  return (
    <Suspense fallback={<LoadingPage />}>
      <Result session={session} result={{ ...result, percent: result.percent }} />
    </Suspense>
  );
}
