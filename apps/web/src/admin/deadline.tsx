import { useEffect, useState } from 'react';
import { formatClock, formatTimeOfDay } from '../i18n/format.ts';
import { overviewClock } from './queries.ts';
import type { AdminSession } from './queries.ts';

/** What is left of a session's time, and when it ends. */
export function Deadline({ session: { state, deadlineAt } }: { readonly session: AdminSession }) {
  const [now, setNow] = useState(() => overviewClock.now());
  const ticks = state === 'running' && deadlineAt !== null;
  useEffect(() => {
    if (!ticks) return undefined;
    const timer = setInterval(() => setNow(overviewClock.now()), 1000);
    return () => clearInterval(timer);
  }, [ticks]);
  if (!ticks) return <>–</>;
  return (
    <>
      <span className="figure">{now === null ? '–' : formatClock(Date.parse(deadlineAt) - now)}</span>
      <span className="muted small">{formatTimeOfDay(deadlineAt)}</span>
    </>
  );
}
