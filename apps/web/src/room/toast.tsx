import { useEffect, useEffectEvent } from 'react';

const SHOWN_MS = 2_500;

/** Something said in passing. By a timer, not by an animation: who wants no motion wants the words all the same. */
export function Toast({ text, onGone }: { readonly text: string; readonly onGone: () => void }) {
  const gone = useEffectEvent(onGone);
  useEffect(() => {
    if (text === '') return undefined;
    const timer = setTimeout(() => gone(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className={text === '' ? 'toast' : 'toast shown'} role="status">
      {text}
    </div>
  );
}
