import { useEffect, useState } from 'react';
import { serverClock } from './use-session.ts';

const left = (deadlineAt: string | null): number | null => {
  const now = serverClock.now();
  return deadlineAt === null || now === null ? null : Date.parse(deadlineAt) - now;
};

/** Milliseconds until the deadline by the server's clock, twice a second; null where there is none. */
export function useTimeLeft(deadlineAt: string | null): number | null {
  const [, tick] = useState(0);
  useEffect(() => {
    if (deadlineAt === null) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [deadlineAt]);
  return left(deadlineAt);
}
