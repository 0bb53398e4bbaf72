import { useCallback, useEffect, useState } from 'react';

export type Window = 'asking' | 'here' | 'elsewhere';

/**
 * One window of this browser has the exam room: the one that came last. The one before gives it up, says so, and does not fight for it. Other
 * browsers learn of each other by the gateway, which shows each part in one place.
 */
export function useOneWindow(examSessionId: string): readonly [Window, () => void] {
  const [window, setWindow] = useState<Window>('asking');
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    let gone = false;
    const hold = () => {
      if (!gone) setWindow('here');
      return left;
    };
    navigator.locks.request(`ckx.room.${examSessionId}`, { steal: true }, hold).catch(() => {
      // Another window took it.
      if (!gone) setWindow('elsewhere');
    });
    return () => {
      gone = true;
      leave();
    };
  }, [examSessionId, turn]);
  return [window, useCallback(() => setTurn((before) => before + 1), [])];
}
