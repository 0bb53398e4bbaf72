import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answer, api, type Shape } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { Check } from '../components/icons.tsx';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { formatClock, formatSeconds } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from './use-session.ts';
import { sessionTexts } from './texts.ts';
import { serverClock } from './use-session.ts';

type Progress = Shape<'SessionStatus'>['progress'][number];

/** The steps as they happen, with their times; the place in the queue before that. No spinner without an end: the server ends it in a minute. */
export function Preparation({ session: { status, view } }: { readonly session: KnownSession }) {
  const texts = useTexts(sessionTexts);
  const { preparation } = texts;
  const title = status.waiting === null ? preparation.title : preparation.waitingTitle;
  return (
    <Page title={title}>
      <div className="medium stack">
        <PageHead title={title}>{preparation.text}</PageHead>
        {status.waiting !== null && (
          <Notice title={preparation.place(status.waiting.place)}>
            <p>{status.waiting.reason}</p>
          </Notice>
        )}
        <section className="card stack" aria-label={view.labTitle}>
          <div className="card-head">
            <h2>{view.labTitle}</h2>
            <Elapsed since={status.createdAt} />
          </div>
          <Steps steps={status.steps} progress={status.progress} />
        </section>
        <GiveUp examSessionId={status.examSessionId} />
      </div>
    </Page>
  );
}

function Steps({ steps, progress }: { readonly steps: readonly Progress['step'][]; readonly progress: readonly Progress[] }) {
  const texts = useTexts(sessionTexts);
  const known = new Map(progress.map((entry) => [entry.step, entry]));
  return (
    <ol className="progress">
      {steps.map((step) => (
        <StepRow key={step} name={texts.steps[step]} entry={known.get(step)} />
      ))}
    </ol>
  );
}

function StepRow({ name, entry }: { readonly name: string; readonly entry: Progress | undefined }) {
  const { preparation } = useTexts(sessionTexts);
  const state = entry === undefined ? 'to-come' : entry.durationMs === undefined ? 'under-way' : 'done';
  const words = { 'to-come': preparation.toCome, 'under-way': preparation.underWay, done: preparation.done };
  const parts = entry?.total !== undefined && state === 'under-way' ? preparation.parts(entry.done ?? 0, entry.total) : null;
  return (
    <li className={state} aria-current={state === 'under-way' ? 'step' : undefined}>
      <span className="mark" aria-hidden="true">
        {state === 'done' && <Check size={14} />}
      </span>
      <span>{name}</span>
      <span className="visually-hidden">{words[state]}</span>
      {parts !== null && <span className="muted">{parts}</span>}
      {entry?.durationMs !== undefined && <span className="figure">{formatSeconds(entry.durationMs)}</span>}
    </li>
  );
}

/** By the server's clock. */
function Elapsed({ since }: { readonly since: string }) {
  const { preparation } = useTexts(sessionTexts);
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const now = serverClock.now();
  return (
    <span className="muted small">
      <span className="figure">{formatClock(now === null ? 0 : now - Date.parse(since))}</span> {preparation.elapsed}
    </span>
  );
}

export function GiveUp({ examSessionId }: { readonly examSessionId: string }) {
  const { preparation } = useTexts(sessionTexts);
  const explain = useExplain();
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id: examSessionId } } })),
  });
  const busy = isPending || isSuccess;
  return (
    <div className="actions">
      <button type="button" className="button quiet" aria-disabled={busy} onClick={() => !busy && mutate()}>
        {busy ? preparation.givingUp : preparation.giveUp}
      </button>
      {error !== null && <span role="alert">{explain(error)}</span>}
    </div>
  );
}
