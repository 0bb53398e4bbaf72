import { useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Dialog } from './dialog.tsx';
import { Flag, Note } from './icons.tsx';
import type { Question } from './task-panel.tsx';
import { roomTexts } from './texts.ts';
import type { Marks } from './use-marks.ts';

const FILTERS = ['all', 'flagged', 'unopened'] as const;
type Filter = (typeof FILTERS)[number];

interface TaskListProps {
  readonly questions: readonly Question[];
  readonly current: number;
  readonly marks: Marks;
  readonly noteOf: (position: number) => string;
  readonly onChoose: (position: number) => void;
  readonly onClose: () => void;
}

/** All tasks, narrowed down by a word anywhere in them or in their notes, to those that are flagged, or that nobody looked at. */
export function TaskList({ questions, current, marks, noteOf, onChoose, onClose }: TaskListProps) {
  const texts = useTexts(roomTexts);
  const [words, setWords] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const wanted = words.trim().toLocaleLowerCase();
  const fits = {
    all: () => true,
    flagged: (position: number) => marks.isFlagged(position),
    unopened: (position: number) => !marks.isOpened(position),
  };
  const found = questions.filter(({ position, title, text, domain, namespace = '' }) => {
    const parts = [title, text, domain, namespace, noteOf(position)];
    return fits[filter](position) && parts.some((part) => part.toLocaleLowerCase().includes(wanted));
  });
  return (
    <Dialog title={texts.allTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          if (first !== undefined) onChoose(first.position);
        }}
      >
        <div className="field">
          <label htmlFor="task-search">{texts.search}</label>
          <input id="task-search" type="search" value={words} data-first onChange={({ target }) => setWords(target.value)} />
        </div>
        <div className="filters" role="group" aria-label={texts.filter}>
          {FILTERS.map((name) => (
            <button key={name} type="button" className="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>
              {texts.filters[name]} <span className="figure">{questions.filter(({ position }) => fits[name](position)).length}</span>
            </button>
          ))}
        </div>
        <ul className="task-list">
          {found.map(({ id, position, title, domain, weight }) => (
            <li key={id}>
              <button type="button" aria-current={position === current} onClick={() => onChoose(position)}>
                <span className="figure muted">{position}</span>
                <span>
                  {title}
                  <span className="muted small">{domain}</span>
                </span>
                <span className="marks">
                  {noteOf(position) !== '' && (
                    <span title={texts.notes.has}>
                      <Note filled />
                      <span className="visually-hidden">{texts.notes.has}</span>
                    </span>
                  )}
                  {marks.isFlagged(position) && (
                    <span className="flagged" title={texts.flagged}>
                      <Flag filled />
                      <span className="visually-hidden">{texts.flagged}</span>
                    </span>
                  )}
                  {!marks.isOpened(position) && <span className="tag">{texts.unopened}</span>}
                  <span className="muted small">{texts.points(weight)}</span>
                </span>
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
