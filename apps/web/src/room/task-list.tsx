import { useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Dialog } from './dialog.tsx';
import type { Question } from './task-panel.tsx';
import { roomTexts } from './texts.ts';

/** All tasks, narrowed down by a word anywhere in them. */
export function TaskList(props: {
  readonly questions: readonly Question[];
  readonly current: number;
  readonly onChoose: (position: number) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts(roomTexts);
  const [words, setWords] = useState('');
  const wanted = words.trim().toLocaleLowerCase();
  const found = props.questions.filter(({ title, text, domain, namespace = '' }) =>
    [title, text, domain, namespace].some((part) => part.toLocaleLowerCase().includes(wanted)),
  );
  return (
    <Dialog title={texts.allTitle} onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          if (first !== undefined) props.onChoose(first.position);
        }}
      >
        <div className="field">
          <label htmlFor="task-search">{texts.search}</label>
          <input id="task-search" type="search" value={words} data-first onChange={({ target }) => setWords(target.value)} />
        </div>
        <ul className="task-list">
          {found.map(({ id, position, title, domain, weight }) => (
            <li key={id}>
              <button type="button" aria-current={position === props.current} onClick={() => props.onChoose(position)}>
                <span className="figure muted">{position}</span>
                <span>
                  {title}
                  <span className="muted small">{domain}</span>
                </span>
                <span className="muted small">{texts.points(weight)}</span>
              </button>
            </li>
          ))}
        </ul>
        <p className="muted" role="status">
          {found.length === 0 && texts.noMatch}
        </p>
      </form>
    </Dialog>
  );
}
