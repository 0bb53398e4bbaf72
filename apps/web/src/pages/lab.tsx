import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { answer, api, type Shape } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { labQuery, openSession, sessionsQuery } from '../api/queries.ts';
import { loginPath } from '../auth/redirect.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useExplain } from '../components/explain.ts';
import { ArrowLeft, ArrowRight, Check } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Notice } from '../components/notice.tsx';
import { Page } from '../components/page.tsx';
import { formatMinutes } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { labsTexts } from './labs-texts.ts';
import './lab.css';

export function Lab() {
  const texts = useTexts(labsTexts);
  const { labId = '' } = useParams();
  const { data: lab, error, refetch } = useQuery(labQuery(labId));
  if (error !== null && lab === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (lab === undefined) return <LoadingPage />;
  return (
    <Page title={lab.title}>
      <Link className="back" to="/labs">
        <ArrowLeft size={16} />
        {texts.lab.back}
      </Link>
      <div className="lab-page">
        <div className="stack">
          <div className="tags">
            <span className="tag accent">{texts.categories[lab.category]}</span>
            <span className="tag">{texts.levels[lab.difficulty]}</span>
          </div>
          <h1>{lab.title}</h1>
          <p className="lead">{lab.description}</p>
          <Expect />
        </div>
        <StartCard lab={lab} />
      </div>
    </Page>
  );
}

function Expect() {
  const { lab } = useTexts(labsTexts);
  return (
    <>
      <h2>{lab.expect}</h2>
      <ol className="steps">
        {lab.steps.map(([title, text]) => (
          <li key={title}>
            <h3>{title}</h3>
            <p className="muted">{text}</p>
          </li>
        ))}
      </ol>
      <h2>{lab.require}</h2>
      <ul className="checks">
        {lab.requirements.map((requirement) => (
          <li key={requirement}>
            <Check size={18} />
            {requirement}
          </li>
        ))}
      </ul>
      <p className="muted">{lab.fair}</p>
    </>
  );
}

function StartCard({ lab }: { readonly lab: Shape<'LabSummary'> }) {
  const texts = useTexts(labsTexts);
  return (
    <aside className="card start-card stack" aria-label={texts.lab.start}>
      <dl className="facts">
        <Fact name={texts.lab.duration} value={formatMinutes(lab.durationMinutes)} />
        <Fact name={texts.lab.tasks} value={String(lab.questionCount)} />
        <Fact name={texts.lab.pass} value={`${lab.passPercent} %`} />
        <Fact name={texts.lab.level} value={texts.levels[lab.difficulty]} />
      </dl>
      <Start labId={lab.id} />
      <p className="muted small">{lab.type === 'mock' ? texts.lab.free : texts.lab.full}</p>
    </aside>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Start({ labId }: { readonly labId: string }) {
  const texts = useTexts(labsTexts);
  const explain = useExplain();
  const location = useLocation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const member = useStanding().kind === 'member';
  const sessions = useQuery({ ...sessionsQuery, enabled: member });
  const open = openSession(sessions.data ?? []);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/sessions', { body: { labId } })),
    onSuccess: async ({ examSessionId }) => {
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      await navigate(`/sessions/${examSessionId}`);
    },
    onError: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  if (!member) {
    return (
      <Link className="button primary large" to={loginPath(location)}>
        {texts.lab.signIn}
        <ArrowRight />
      </Link>
    );
  }
  return (
    <>
      {error !== null && (
        <Notice kind="bad" title={hasCode(error, 'MAINTENANCE') ? texts.lab.maintenance : texts.lab.refused}>
          <p>{explain(error)}</p>
          {hasCode(error, 'PASS_REQUIRED') && (
            <p>
              <Link to={`/pricing?lab=${encodeURIComponent(labId)}`}>{texts.lab.prices}</Link>
            </p>
          )}
        </Notice>
      )}
      {open === undefined ? (
        <button type="button" className="button primary large" aria-disabled={isPending} onClick={() => !isPending && mutate()}>
          {isPending ? texts.lab.starting : texts.lab.start}
          <ArrowRight />
        </button>
      ) : (
        <Link className="button primary large" to={`/sessions/${open.examSessionId}`}>
          {texts.lab.toOpen}
          <ArrowRight />
        </Link>
      )}
    </>
  );
}
