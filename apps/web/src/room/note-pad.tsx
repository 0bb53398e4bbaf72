import { useTexts } from '../i18n/texts.ts';
import type { NoteState } from './note-saver.ts';
import { roomTexts } from './texts.ts';

interface NotePadProps {
  readonly text: string;
  readonly state: NoteState;
  readonly onEdit: (text: string) => void;
  readonly onClose: () => void;
}

/** A note to oneself about the task at hand. */
export function NotePad({ text, state, onEdit, onClose }: NotePadProps) {
  const { notes } = useTexts(roomTexts);
  return (
    <div className="note-pad">
      <div>
        <label htmlFor="note">{notes.label}</label>
        <span className={state === 'waiting' ? 'small bad-text' : 'small muted'} role="status">
          {text === '' && state === 'saved' ? notes.hint : notes[state]}
        </span>
      </div>
      <textarea
        id="note"
        rows={5}
        maxLength={10_000}
        value={text}
        autoFocus
        onChange={({ target }) => onEdit(target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
    </div>
  );
}
