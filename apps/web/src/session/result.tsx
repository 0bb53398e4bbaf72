import { useState } from 'react';
import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { Notice } from '../components/notice.tsx';
import { Page } from '../components/page.tsx';
import { formatClock, formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { Recordings } from '../review/recordings.tsx';
import { Regrades } from '../review/regrades.tsx';
import { byDomain, type Domain } from './domains.ts';
import { QuestionRow } from './result-question.tsx';
import '../pages/history.css';
import './result.css';
import type { KnownSession } from './use-session.ts';
import { sessionTexts } from './texts.ts';

type AttemptResult = Shape<'AttemptResult'> & { readonly percent: number };

export function Result({ session, result }: { readonly session: KnownSession; readonly result: AttemptResult }) {
  const { result: texts } = useTexts(sessionTexts);
  const { percent, passPercent } = result;
  const passed = result.passed === true;
  return (
    <Page title={texts.title} className="inner result">
      <div className="page-head">
        <p className="over">{session.view.labTitle}</p>
        <h1>{passed ? texts.passed(percent, passPercent) : texts.missed(percent, passPercent)}</h1>
        <p>{passed ? texts.passedText : texts.missedText}</p>
      </div>
      {result.provisional && (
        <Notice kind="warn" title={texts.provisional}>
          <p>{texts.provisionalText}</p>
        </Notice>
      )}
      <section className="card score" aria-label={texts.score}>
        <Meter percent={percent} threshold={passPercent} passed={passed} label={texts.score} />
        <dl className="facts">
          <Figure name={texts.score} value={`${percent} %`} />
          <Figure name={texts.points} value={texts.pointsOf(result.earned ?? 0, result.possible ?? 0)} />
          <Figure name={texts.time} value={result.durationSeconds === null ? '–' : formatClock(result.durationSeconds * 1000)} />
          <div>
            <dt>{texts.finished}</dt>
            <dd className="moment">{result.completedAt === null ? '–' : formatMoment(result.completedAt)}</dd>
          </div>
        </dl>
      </section>
      <Domains domains={byDomain(result.questions)} threshold={passPercent} />
      <Questions result={result} />
      <Recordings examSessionId={result.examSessionId} />
      <Regrades regrades={result.regrades} />
      <div className="actions no-print">
        <Link className="button primary" to={`/labs/${result.labId}`}>
          {texts.again}
        </Link>
        <button type="button" className="button" onClick={() => window.print()}>
          {texts.print}
        </button>
      </div>
    </Page>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}

/** A bar, with what is needed marked on it. */
function Meter(props: { readonly percent: number; readonly threshold: number; readonly passed: boolean; readonly label: string }) {
  const { result: texts } = useTexts(sessionTexts);
  return (
    <div className="meter">
      <div
        className="bar"
        role="meter"
        aria-label={props.label}
        aria-valuenow={props.percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${props.percent} %, ${texts.threshold(props.threshold)}`}
      >
        <div className={props.passed ? 'fill good' : 'fill bad'} style={{ width: `${props.percent}%` }} />
        <div className="needed" style={{ left: `${props.threshold}%` }} />
      </div>
      <div className="needed-label" style={{ left: `${props.threshold}%` }} aria-hidden="true">
        {texts.threshold(props.threshold)}
      </div>
    </div>
  );
}

function Domains({ domains, threshold }: { readonly domains: readonly Domain[]; readonly threshold: number }) {
  const { result: texts } = useTexts(sessionTexts);
  return (
    <section aria-labelledby="domains">
      <h2 id="domains">{texts.domains}</h2>
      <ul className="domains card">
        {domains.map(({ name, earned, possible, percent }) => (
          <li key={name}>
            <span className="name">{name}</span>
            <span className="bar" aria-hidden="true">
              <span className={`fill ${(percent ?? 0) < threshold ? 'bad' : 'good'}`} style={{ width: `${percent ?? 0}%` }} />
            </span>
            <span className="figure">{percent === null ? '–' : `${percent} %`}</span>
            <span className="muted small">
              {texts.pointsOf(earned, possible)}
              {percent !== null && percent < threshold && `, ${texts.below}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Questions({ result }: { readonly result: AttemptResult }) {
  const { result: texts } = useTexts(sessionTexts);
  const { questions, examSessionId, solutionsMissing } = result;
  const [onlyLost, setOnlyLost] = useState(false);
  const shown = onlyLost
    ? questions.filter(({ earned, possible, checks }) => earned < possible || checks.some(({ verdict }) => verdict !== 'passed'))
    : questions;
  return (
    <section aria-labelledby="tasks">
      <div className="section-head">
        <h2 id="tasks">{texts.tasks}</h2>
        <div className="choice no-print" role="group" aria-label={texts.filter}>
          {[false, true].map((lost) => (
            <button key={String(lost)} type="button" aria-pressed={onlyLost === lost} onClick={() => setOnlyLost(lost)}>
              {lost ? texts.lost : texts.all}
            </button>
          ))}
        </div>
      </div>
      {solutionsMissing !== null && <p className="muted small">{solutionsMissing}</p>}
      <ul className="question-rows card">
        {shown.map((question) => (
          <QuestionRow key={question.questionId} examSessionId={examSessionId} question={question} />
        ))}
        {shown.length === 0 && <li className="none muted">{texts.none}</li>}
      </ul>
    </section>
  );
}
