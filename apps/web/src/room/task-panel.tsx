import { memo, type ReactNode } from 'react';
import type { Shape } from '../api/client.ts';
import { ArrowLeft, ArrowRight, List } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Copyable } from './copyable.tsx';
import { Flag, Note } from './icons.tsx';
import { SafeMarkdown } from './markdown.tsx';
import './task.css';
import { roomTexts } from './texts.ts';

export type Question = Shape<'QuestionView'>;

interface TaskPanelProps {
  readonly question: Question;
  readonly total: number;
  readonly flagged: boolean;
  /** Whether there is one. */
  readonly noted: boolean;
  readonly noteOpen: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onList: () => void;
  readonly onFlag: () => void;
  readonly onNote: () => void;
  readonly onCopied: (message: string) => void;
  /** Below the text: the help of practice. */
  readonly help?: ReactNode;
  /** Above the foot: the note. */
  readonly note?: ReactNode;
}

/** The task at hand, and the ways to the others. */
export function TaskPanel(props: TaskPanelProps) {
  const texts = useTexts(roomTexts);
  const { question, total, flagged } = props;
  return (
    <>
      {/* Scrolled by keys, too. */}
      <div className="task-scroll" tabIndex={0}>
        <article className="task" aria-labelledby="task-title">
          <div className="task-head">
            <p className="over">{texts.task(question.position, total)}</p>
            <button type="button" className="button quiet" aria-pressed={props.noteOpen} aria-keyshortcuts="e" onClick={props.onNote}>
              <Note filled={props.noted} />
              {texts.notes.button}
              <kbd>e</kbd>
            </button>
            <button type="button" className="button quiet flag" aria-pressed={flagged} aria-keyshortcuts="f" onClick={props.onFlag}>
              <Flag filled={flagged} />
              {flagged ? texts.flagged : texts.flag}
              <kbd>f</kbd>
            </button>
          </div>
          <h1 id="task-title">{question.title}</h1>
          <TaskText question={question} onCopied={props.onCopied} />
        </article>
        {props.help}
      </div>
      {props.note}
      <div className="task-foot">
        <button type="button" className="button" disabled={question.position <= 1} onClick={() => props.onMove(-1)} aria-keyshortcuts="p">
          <ArrowLeft />
          <span>{texts.previous}</span>
          <kbd>p</kbd>
        </button>
        <button type="button" className="button" onClick={props.onList} aria-keyshortcuts="a">
          <List />
          <span>{texts.all}</span>
          <kbd>a</kbd>
        </button>
        <button
          type="button"
          className="button"
          disabled={question.position >= total}
          onClick={() => props.onMove(1)}
          aria-keyshortcuts="n"
        >
          <span>{texts.next}</span>
          <kbd>n</kbd>
          <ArrowRight />
        </button>
      </div>
    </>
  );
}

/** Drawn anew only when it is another task: the clock ticks beside it, and a selection in it stays. */
const TaskText = memo(function TaskText(props: { readonly question: Question; readonly onCopied: (message: string) => void }) {
  const texts = useTexts(roomTexts);
  const { question, onCopied } = props;
  const code = (text: string) => <Copyable code={text} onCopied={onCopied} />;
  return (
    <>
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
