import { useState, type ReactNode } from 'react';
import type { Shape } from '../api/client.ts';
import { Check, ChevronDown, Cross, Warning } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Objects } from '../review/objects.tsx';
import { Solution } from '../review/solution.tsx';
import { reviewTexts } from '../review/texts.ts';
import { sessionTexts } from './texts.ts';

type Question = Shape<'AttemptResult'>['questions'][number];
type CheckResult = Question['checks'][number];

/** A task of the result; opens to its checks. Descriptions and evidence are the pack's and the cluster's: shown as text, never as HTML. */
export function QuestionRow({ examSessionId, question }: { readonly examSessionId: string; readonly question: Question }) {
  const { result: texts } = useTexts(sessionTexts);
  const review = useTexts(reviewTexts);
  const { position, title, domain, earned, possible, checks, solution, objects } = question;
  const undecided = checks.some(({ verdict }) => verdict === 'errored');
  const kind = undecided ? 'warn' : earned === possible ? 'good' : earned === 0 ? 'bad' : 'warn';
  return (
    <li>
      <details>
        <summary>
          <span className="position figure">{position}</span>
          <span className="what">
            <span className="title">{title}</span>
            <span className="muted small">{domain}</span>
          </span>
          <span className={`tag ${kind} figure`}>{texts.pointsOf(earned, possible)}</span>
          <ChevronDown />
        </summary>
        <ul className="check-rows">
          {checks.map((check) => (
            <CheckRow key={check.checkId} check={check} />
          ))}
        </ul>
        <div className="more-of-question">
          {solution !== null && (
            <Opening title={review.solution.title}>
              <Solution solution={solution} />
            </Opening>
          )}
          {objects !== null && (
            <Opening title={review.objects.title}>
              <Objects examSessionId={examSessionId} position={position} />
            </Opening>
          )}
        </div>
      </details>
    </li>
  );
}

/** What is read when it is opened, and not before. */
function Opening({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="evidence" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {open && children}
    </details>
  );
}

const SYMBOLS = { passed: Check, failed: Cross, errored: Warning };
const KINDS = { passed: 'good', failed: 'bad', errored: 'warn' };

function CheckRow({ check }: { readonly check: CheckResult }) {
  const { result: texts } = useTexts(sessionTexts);
  const Symbol = SYMBOLS[check.verdict];
  return (
    <li>
      <p className="check-head">
        <span className={`tag ${KINDS[check.verdict]}`}>
          <Symbol size={14} />
          {texts.verdicts[check.verdict]}
        </span>
        <span>{check.description}</span>
        <span className="muted small">{texts.weight(check.weight)}</span>
      </p>
      {check.reason !== undefined && <p className="muted">{check.reason}</p>}
      <details className="evidence">
        <summary>
          {texts.evidence}
          {check.exitCode !== null && <span className="muted"> · {texts.exit(check.exitCode)}</span>}
        </summary>
        {check.evidence === '' ? <p className="muted">{texts.noEvidence}</p> : <pre tabIndex={0}>{check.evidence}</pre>}
      </details>
    </li>
  );
}
