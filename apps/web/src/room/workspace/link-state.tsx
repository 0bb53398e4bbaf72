import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';
import type { Link } from './terminal-connection.ts';

interface LinkStateProps {
  readonly link: Link;
  /** What it means that it is lost. */
  readonly lost: string;
  readonly onAgain: () => void;
}

/** What there is to say of a connection; nothing while it is open. */
export function LinkState({ link, lost, onAgain }: LinkStateProps) {
  const { terminal: texts } = useTexts(roomTexts);
  if (link.kind === 'open') return null;
  return (
    <div className="pane-state" role="status">
      <span>{link.kind === 'ended' ? link.message : link.kind === 'lost' ? lost : texts.connecting}</span>
      {link.kind === 'ended' && (
        <button type="button" className="button" onClick={onAgain}>
          {link.code === 'OPENED_ELSEWHERE' ? texts.takeOver : texts.openAgain}
        </button>
      )}
    </div>
  );
}
