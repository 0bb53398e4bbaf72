import { memo, type ReactNode } from 'react';
import type { Shape } from '../api/client.ts';
import { ArrowLeft, ArrowRight, List } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Copyable } from './copyable.tsx';
import { SafeMarkdown } from './markdown.tsx';
import { roomTexts } from './texts.ts';

export type Question = Shape<'QuestionView'>;

export interface TaskPanelProps {
  readonly question: Question;
  readonly total: number;
  readonly onMove: (by: 1 | -1) => void;
  readonly onList: () => void;
  readonly onCopied: (message: string) => void;
}

/** A task. Drawn anew only when it is another one: the clock ticks beside it. */
export const TaskPanel = memo(function TaskPanel({ question, total, onMove, onList, onCopied }: TaskPanelProps) {
  const texts = useTexts(roomTexts);
  const code = (text: string) => <Copyable code={text} onCopied={onCopied} />;
  return (
    <>
      <div className="task-scroll">
        <article className="task" aria-labelledby="task-title">
          <p className="over">{texts.task(question.position, total)}</p>
          <h1 id="task-title">{question.title}</h1>
          <div className="tags">
            <span className="tag accent">{question.domain}</span>
            <span className="tag">{texts.points(question.weight)}</span>
            {question.targetMinutes !== undefined && <span className="tag">{texts.target(question.targetMinutes)}</span>}
          </div>
          {(question.namespace !== undefined || question.host !== undefined) && (
            <dl className="where">
              {question.host !== undefined && <Where name={texts.host}>{code(question.host)}</Where>}
              {question.namespace !== undefined && <Where name={texts.namespace}>{code(question.namespace)}</Where>}
            </dl>
          )}
          <div className="prose">
            <SafeMarkdown text={question.text} renderCode={code} />
          </div>
        </article>
      </div>
      <div className="task-foot">
        <button type="button" className="button" disabled={question.position <= 1} onClick={() => onMove(-1)} aria-keyshortcuts="p">
          <ArrowLeft />
          <span>{texts.previous}</span>
          <kbd>p</kbd>
        </button>
        <button type="button" className="button" onClick={onList} aria-keyshortcuts="a">
          <List />
          <span>{texts.all}</span>
          <kbd>a</kbd>
        </button>
        <button type="button" className="button" disabled={question.position >= total} onClick={() => onMove(1)} aria-keyshortcuts="n">
          <span>{texts.next}</span>
          <kbd>n</kbd>
          <ArrowRight />
        </button>
      </div>
    </>
  );
});

function Where({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
