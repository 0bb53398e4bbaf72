import { onlineManager, useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { Link, useLocation } from 'react-router';
import { openSession, sessionsQuery } from '../api/queries.ts';
import { tokens } from '../auth/browser.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useTexts } from '../i18n/texts.ts';
import { Clock, Plug } from './icons.tsx';
import { sharedTexts } from './texts.ts';

const RETRY_MS = 5_000;

const useOnline = () =>
  useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );

/** What concerns every page: no connection, no answer, a session that is open. */
export function Banners() {
  const texts = useTexts(sharedTexts);
  const online = useOnline();
  const standing = useStanding();
  const unreachable = standing.kind === 'unreachable';
  useEffect(() => {
    if (!unreachable || !online) return undefined;
    const timer = setInterval(() => void tokens.token(), RETRY_MS);
    return () => clearInterval(timer);
  }, [unreachable, online]);
  if (!online || unreachable) {
    return (
      <div className="banner warn" role="status">
        <div className="inner">
          <Plug />
          {online ? texts.unreachable : texts.offline}
        </div>
      </div>
    );
  }
  return standing.kind === 'member' ? <SessionBanner /> : <div />;
}

function SessionBanner() {
  const texts = useTexts(sharedTexts);
  const { pathname } = useLocation();
  const { data } = useQuery({ ...sessionsQuery, refetchInterval: 60_000 });
  // The dashboard shows it itself.
  const open = openSession(data ?? []);
  if (open === undefined || pathname.startsWith('/sessions/') || pathname === '/dashboard') return <div />;
  return (
    <div className="banner">
      <div className="inner">
        <Clock />
        <strong>{texts.inProgress(open.labTitle)}</strong>
        <Link to={`/sessions/${open.examSessionId}`}>{texts.returnToSession}</Link>
      </div>
    </div>
  );
}
