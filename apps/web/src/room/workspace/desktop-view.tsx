import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';
import { LinkState } from './link-state.tsx';
import { LiveDesktop } from './live-desktop.ts';
import type { Link } from './terminal-connection.ts';

interface DesktopViewProps {
  readonly examSessionId: string;
  /** It answers: it comes some seconds after the session is ready. */
  readonly open: boolean;
  /** null when it goes. */
  readonly onLive: (live: LiveDesktop | null) => void;
}

export function DesktopView({ examSessionId, open, onLive }: DesktopViewProps) {
  const { desktop: texts } = useTexts(roomTexts);
  const place = useRef<HTMLDivElement>(null);
  const [live, setLive] = useState<LiveDesktop | null>(null);
  const [link, setLink] = useState<Link>({ kind: 'connecting' });
  const tell = useEffectEvent((now: LiveDesktop | null) => {
    setLive(now);
    onLive(now);
  });
  useEffect(() => {
    if (place.current === null || !open) return undefined;
    const made = new LiveDesktop(place.current, examSessionId, setLink);
    tell(made);
    return () => {
      made.dispose();
      tell(null);
    };
  }, [examSessionId, open]);
  return (
    <div className="desktop">
      {open ? (
        <LinkState link={link} lost={texts.lost} onAgain={() => void live?.again()} />
      ) : (
        <div className="pane-state" role="status">
          {texts.starting}
        </div>
      )}
      <div ref={place} className="desktop-screen" />
    </div>
  );
}
