import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { Shape } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { openSession, sessionsQuery } from '../api/queries.ts';
import { loginPath } from '../auth/redirect.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useExplain } from '../components/explain.ts';
import { ArrowRight } from '../components/icons.tsx';
import { Notice } from '../components/notice.tsx';
import { formatMinutes } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { labsTexts } from './labs-texts.ts';
import { PassQuestion } from './pass-question.tsx';
import { passWaits, useStart } from './use-start.ts';

/** What the lab asks for, in figures, and the way in. */
export function StartCard({ lab }: { readonly lab: Shape<'LabSummary'> }) {
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
  const location = useLocation();
  const member = useStanding().kind === 'member';
  const sessions = useQuery({ ...sessionsQuery, enabled: member });
  const open = openSession(sessions.data ?? []);
  if (!member) {
    return (
      <Link className="button primary large" to={loginPath(location)}>
        {texts.lab.signIn}
        <ArrowRight />
      </Link>
    );
  }
  if (open !== undefined) {
    return (
      <Link className="button primary large" to={`/sessions/${open.examSessionId}`}>
        {texts.lab.toOpen}
        <ArrowRight />
      </Link>
    );
  }
  return <Begin labId={labId} />;
}

type Mode = Shape<'SessionView'>['mode'];

function Begin({ labId }: { readonly labId: string }) {
  const texts = useTexts(labsTexts);
  const explain = useExplain();
  const [mode, setMode] = useState<Mode>('exam');
  const { mutate, error, isPending, reset } = useStart();
  if (passWaits(error)) return <PassQuestion busy={isPending} onYes={() => mutate({ labId, mode, activatePass: true })} onNo={reset} />;
  return (
    <>
      <Modes mode={mode} onChoose={setMode} />
      {error !== null && (
        <Notice kind="bad" title={hasCode(error, 'MAINTENANCE') ? texts.lab.maintenance : texts.lab.refused}>
          <p>{explain(error)}</p>
        </Notice>
      )}
      <button
        type="button"
        className="button primary large"
        aria-disabled={isPending}
        onClick={() => !isPending && mutate({ labId, mode })}
      >
        {isPending ? texts.lab.starting : mode === 'exam' ? texts.lab.start : texts.lab.practise}
        <ArrowRight />
      </button>
    </>
  );
}

function Modes({ mode, onChoose }: { readonly mode: Mode; readonly onChoose: (mode: Mode) => void }) {
  const { modes } = useTexts(labsTexts);
  return (
    <fieldset className="modes">
      <legend className="visually-hidden">{modes.label}</legend>
      {(['exam', 'practice'] as const).map((one) => (
        <label key={one}>
          <input type="radio" name="mode" checked={mode === one} onChange={() => onChoose(one)} />
          <span>
            <strong>{modes[one][0]}</strong>
            <span className="muted small">{modes[one][1]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
