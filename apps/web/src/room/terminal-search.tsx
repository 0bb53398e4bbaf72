import type { SearchAddon } from '@xterm/addon-search';
import { useEffect, useState } from 'react';
import { ArrowLeft, ArrowRight, Cross } from '../components/icons.tsx';
import { sharedTexts } from '../components/texts.ts';
import { useTexts } from '../i18n/texts.ts';
import { roomTexts } from './texts.ts';

/** Search in what the terminal showed. Enter goes back in time, as the newest is at the foot. */
export function TerminalSearch({ search, onClose }: { readonly search: SearchAddon; readonly onClose: () => void }) {
  const { terminal: texts } = useTexts(roomTexts);
  const shared = useTexts(sharedTexts);
  const [words, setWords] = useState('');
  useEffect(() => () => search.clearDecorations(), [search]);
  return (
    <form
      className="terminal-search"
      onSubmit={(event) => {
        event.preventDefault();
        search.findPrevious(words);
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <input type="search" aria-label={texts.search} value={words} autoFocus onChange={({ target }) => setWords(target.value)} />
      <button type="submit" className="button quiet icon" aria-label={texts.earlier}>
        <ArrowLeft size={16} />
      </button>
      <button type="button" className="button quiet icon" aria-label={texts.later} onClick={() => search.findNext(words)}>
        <ArrowRight size={16} />
      </button>
      <button type="button" className="button quiet icon" aria-label={shared.close} onClick={onClose}>
        <Cross size={16} />
      </button>
    </form>
  );
}
