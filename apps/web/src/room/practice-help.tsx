import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Shape } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { useExplain } from '../components/explain.ts';
import { Check, Cross, Warning } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Copyable } from './copyable.tsx';
import { SafeMarkdown } from './markdown.tsx';
import './help.css';
import { practiceTexts } from './practice-texts.ts';

interface PracticeHelpProps {
  readonly examSessionId: string;
  readonly position: number;
  readonly onCopied: (message: string) => void;
}

const helpQuery = (id: string, position: number) =>
  queryOptions({
    queryKey: ['sessions', id, 'help', String(position)],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/sessions/{id}/questions/{position}/help', { params: { path: { id, position } }, signal })),
  });

/** The help of practice: its checks run now, hints one by one, the solution after an honest try. */
export function PracticeHelp({ examSessionId, position, onCopied }: PracticeHelpProps) {
  const texts = useTexts(practiceTexts);
  const explain = useExplain();
  const client = useQueryClient();
  const query = helpQuery(examSessionId, position);
  const { data: help, error: unread } = useQuery(query);
  const params = { path: { id: examSessionId, position } };
  const again = () => client.invalidateQueries({ queryKey: query.queryKey });
  const check = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/sessions/{id}/questions/{position}/check', { params })),
    onSettled: again,
  });
  const hint = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/sessions/{id}/questions/{position}/hints', { params })),
    onSettled: again,
  });
  const error = check.error ?? hint.error ?? unread;
  return (
    <section className="help" aria-labelledby="help">
      <h2 id="help">{texts.title}</h2>
      <div className="actions">
        <button type="button" className="button primary" aria-disabled={check.isPending} onClick={() => !check.isPending && check.mutate()}>
          {check.isPending ? texts.checking : texts.check}
        </button>
        {help !== undefined && help.hintsLeft > 0 && (
          <button type="button" className="button" aria-disabled={hint.isPending} onClick={() => !hint.isPending && hint.mutate()}>
            {help.hints.length === 0 ? texts.hint : texts.nextHint} <span className="figure muted">{help.hintsLeft}</span>
          </button>
        )}
      </div>
      <p role="status" className={error === null ? 'visually-hidden' : 'bad-text'}>
        {error !== null && (hasCode(error, 'CHECKED_JUST_NOW') ? texts.justNow : explain(error))}
      </p>
      {help?.lastCheck != null && <Verdicts checked={help.lastCheck} tries={help.tries} />}
      {help !== undefined && help.hints.length > 0 && (
        <ol className="hints">
          {help.hints.map((text, index) => (
            <li key={text} className="prose">
              <strong>{texts.hintNumber(index + 1)}</strong>
              <SafeMarkdown text={text} renderCode={(code) => <Copyable code={code} onCopied={onCopied} />} />
            </li>
          ))}
        </ol>
      )}
      {help !== undefined && <Solution help={help} onCopied={onCopied} />}
    </section>
  );
}

const SIGNS = { passed: Check, failed: Cross, errored: Warning };

function Verdicts({ checked, tries }: { readonly checked: Shape<'CheckedQuestion'>; readonly tries: number }) {
  const texts = useTexts(practiceTexts);
  return (
    <div className="verdicts">
      <p>
        <strong className="figure">{texts.points(checked.earned, checked.possible)}</strong>{' '}
        <span className="muted small">{texts.tries(tries)}</span>
      </p>
      <ul>
        {checked.checks.map(({ id, description, verdict, reason, output }) => {
          const Sign = SIGNS[verdict];
          return (
            <li key={id} className={verdict}>
              <Sign size={18} />
              <div>
                <span>
                  {description} <span className="muted small">{texts.verdicts[verdict]}</span>
                </span>
                {reason !== undefined && <p className="muted small">{reason}</p>}
                {output !== '' && verdict !== 'passed' && (
                  <details>
                    <summary>{texts.output}</summary>
                    <pre tabIndex={0}>{output}</pre>
                  </details>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Solution({ help, onCopied }: { readonly help: Shape<'QuestionHelp'>; readonly onCopied: (message: string) => void }) {
  const texts = useTexts(practiceTexts);
  const { solution, solutionWhen } = help;
  if (solution === null) return <p className="muted small">{solutionWhen}</p>;
  return (
    <details className="solution">
      <summary>{texts.solution}</summary>
      <div className="stack">
        {solution.explanation !== null && (
          <div className="prose">
            <SafeMarkdown text={solution.explanation} renderCode={(code) => <Copyable code={code} onCopied={onCopied} />} />
          </div>
        )}
        {solution.script !== null && (
          <div className="prose">
            <pre tabIndex={0}>
              <code>{solution.script}</code>
            </pre>
          </div>
        )}
        {solution.documentation.length > 0 && (
          <ul className="pages">
            {solution.documentation.map((address) => (
              <li key={address}>
                <Page address={address} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}

/** An address of a pack, which anybody may have written: a link only where it is plainly one of a page. */
function Page({ address }: { readonly address: string }) {
  if (!/^https?:\/\//.test(address)) return <span>{address}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {address}
    </a>
  );
}
