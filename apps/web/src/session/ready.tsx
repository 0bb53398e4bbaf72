import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { ArrowRight, Check } from '../components/icons.tsx';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { formatMinutes } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { GiveUp } from './preparation.tsx';
import type { KnownSession } from './use-session.ts';
import { sessionTexts } from './texts.ts';
import { questionsQuery } from './use-session.ts';

export function Ready({ session: { status, view, told } }: { readonly session: KnownSession }) {
  const { ready, maintenance } = useTexts(sessionTexts);
  const announced = told.maintenance?.message ?? null;
  const explain = useExplain();
  const { data: questions } = useQuery(questionsQuery(status.examSessionId));
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/sessions/{id}/start', { params: { path: { id: status.examSessionId } } })),
  });
  const busy = isPending || isSuccess;
  const extra = view.extraTimeSeconds / 60;
  return (
    <Page title={ready.title}>
      <div className="medium stack">
        <PageHead title={ready.title}>{ready.text}</PageHead>
        {announced !== null && (
          <Notice kind="warn" title={maintenance.title}>
            <p>{announced}</p>
            <p>{maintenance.clock}</p>
          </Notice>
        )}
        <section className="card stack" aria-label={view.labTitle}>
          <h2>{view.labTitle}</h2>
          <dl className="facts">
            <div>
              <dt>{ready.duration}</dt>
              <dd>{formatMinutes(Math.round(view.durationSeconds / 60 + extra))}</dd>
              {extra > 0 && <dd className="muted small">{ready.extra(formatMinutes(Math.round(extra)))}</dd>}
            </div>
            <div>
              <dt>{ready.tasks}</dt>
              <dd>{questions?.length ?? '…'}</dd>
            </div>
          </dl>
          <ul className="checks">
            {ready.rules.map((rule) => (
              <li key={rule}>
                <Check size={18} />
                {rule}
              </li>
            ))}
          </ul>
          {error !== null && <Notice kind="bad" title={explain(error)} />}
          <div className="actions">
            <button type="button" className="button primary large" aria-disabled={busy} onClick={() => !busy && mutate()}>
              {busy ? ready.starting : ready.start}
              <ArrowRight />
            </button>
            <GiveUp examSessionId={status.examSessionId} />
          </div>
        </section>
      </div>
    </Page>
  );
}
