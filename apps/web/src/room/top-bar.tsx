import { Link } from 'react-router';
import { Keyboard } from '../components/icons.tsx';
import { Logo } from '../components/logo.tsx';
import { sharedTexts } from '../components/texts.ts';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from '../session/use-session.ts';
import { ExamClock } from './exam-clock.tsx';
import { roomTexts } from './texts.ts';
import type { Marks } from './use-marks.ts';
import { useOnline } from './use-online.ts';
import type { useNews } from './use-news.ts';

/** What is open over the room. */
export type Open = 'tasks' | 'clock' | 'hand-in' | 'keys' | null;

interface TopBarProps {
  readonly session: KnownSession;
  readonly position: number;
  readonly total: number;
  readonly marks: Marks;
  readonly onOpen: (what: Open) => void;
  readonly onWarning: ReturnType<typeof useNews>['warn'];
}

/** Where one is, whether the server can be heard, and the clock as the one large figure. */
export function TopBar({ session: { status, view, live }, position, total, marks, onOpen, onWarning }: TopBarProps) {
  const texts = useTexts(roomTexts);
  const shared = useTexts(sharedTexts);
  const connected = useOnline() && live;
  const opened = Array.from({ length: total }, (_, index) => index + 1).filter(marks.isOpened).length;
  return (
    <header className="room-bar">
      <Link to="/" aria-label={shared.home} className="plain">
        <Logo />
      </Link>
      <span className="lab-title">{view.labTitle}</span>
      <span className="dots" aria-hidden="true">
        {Array.from({ length: total }, (_, index) => (
          <i key={index} className={dotOf(index + 1, position, marks)} />
        ))}
      </span>
      <span className="opened">{texts.opened(opened, total)}</span>
      <span className={connected ? 'connection' : 'connection lost'} role="status">
        {connected ? texts.connection.live : texts.connection.lost}
      </span>
      <button type="button" className="button quiet icon" onClick={() => onOpen('keys')} aria-label={texts.keys} aria-keyshortcuts="?">
        <Keyboard />
      </button>
      <ExamClock
        deadlineAt={status.deadlineAt}
        durationMs={(view.durationSeconds + view.extraTimeSeconds) * 1000}
        onOpen={() => onOpen('clock')}
        onWarning={onWarning}
      />
      <button type="button" className="button primary" onClick={() => onOpen('hand-in')} aria-keyshortcuts="h">
        {texts.handIn}
      </button>
    </header>
  );
}

function dotOf(position: number, current: number, { isFlagged, isOpened }: Marks): string | undefined {
  const kinds = [position === current && 'here', isFlagged(position) && 'flag', isOpened(position) && 'seen'];
  return kinds.filter(Boolean).join(' ') || undefined;
}
