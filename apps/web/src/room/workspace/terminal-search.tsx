import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { useEffect, useState } from 'react';
import { ArrowLeft, ArrowRight, Cross } from '../../components/icons.tsx';
import { sharedTexts } from '../../components/texts.ts';
import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';

/** Every match is marked, the one at hand more than the others. */
const OPTIONS: ISearchOptions = {
  decorations: {
    matchBackground: '#6b5310',
    matchOverviewRuler: '#f3c072',
    activeMatchBackground: '#c98500',
    activeMatchColorOverviewRuler: '#ffffff',
  },
};

/** Search in what the terminal showed. Enter goes back in time, as the newest is at the foot. */
export function TerminalSearch({ search, onClose }: { readonly search: SearchAddon; readonly onClose: () => void }) {
  const { terminal: texts } = useTexts(roomTexts);
  const shared = useTexts(sharedTexts);
  const [words, setWords] = useState('');
  const [found, setFound] = useState<{ readonly at: number; readonly of: number } | null>(null);
  useEffect(() => {
    const listening = search.onDidChangeResults(({ resultIndex, resultCount }) => setFound({ at: resultIndex, of: resultCount }));
    return () => {
      listening.dispose();
      search.clearDecorations();
    };
  }, [search]);
  const look = (text: string) => {
    setWords(text);
    if (text === '') {
      search.clearDecorations();
      setFound(null);
    } else {
      search.findPrevious(text, { ...OPTIONS, incremental: true });
    }
  };
  return (
    <form
      className="terminal-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search.findPrevious(words, OPTIONS);
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <input type="search" aria-label={texts.search} value={words} autoFocus onChange={({ target }) => look(target.value)} />
      <span className="figure" role="status">
        {found !== null && words !== '' && texts.found(found.at + 1, found.of)}
      </span>
      <button type="submit" className="button quiet icon" aria-label={texts.earlier}>
        <ArrowLeft size={16} />
      </button>
      <button type="button" className="button quiet icon" aria-label={texts.later} onClick={() => search.findNext(words, OPTIONS)}>
        <ArrowRight size={16} />
      </button>
      <button type="button" className="button quiet icon" aria-label={shared.close} onClick={onClose}>
        <Cross size={16} />
      </button>
    </form>
  );
}
