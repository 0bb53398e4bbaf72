import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { readPreference, writePreference } from '../auth/browser.ts';

const KEY = 'ckx.letter-keys';
const listeners = new Set<() => void>();
let letters = readPreference(KEY) !== 'off';

/** Whether single letters are keys of the room: who speaks to the computer, or trembles, may turn them off (WCAG 2.1.4). */
export function useLetterKeys(): readonly [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => letters,
  );
  return [on, setLetters];
}

function setLetters(on: boolean): void {
  letters = on;
  writePreference(KEY, on ? null : 'off');
  for (const listener of listeners) listener();
}

export interface RoomKeys {
  /** Outside of what takes text. With a modifier they are the browser's. */
  readonly letters: Readonly<Record<string, () => void>>;
  /** Everywhere, in a terminal and a desktop too. */
  readonly onSwitch: () => void;
  readonly onTab: (number: number) => void;
}

/** Keys of the exam room. A dialog that is open has keys of its own. */
export function useKeys(keys: RoomKeys): void {
  const everywhere = useEffectEvent((event: KeyboardEvent) => {
    if (document.querySelector('dialog[open]') !== null) return;
    const digit = /^Digit([1-8])$/.exec(event.code)?.[1];
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (event.key === 'F6' && plain && !event.altKey) keys.onSwitch();
    else if (digit !== undefined && plain && event.altKey) keys.onTab(Number(digit));
    else return;
    // Neither a terminal nor a desktop hears of it.
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  const outside = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !letters) return;
    if (takesText(event.target) || document.querySelector('dialog[open]') !== null) return;
    const act = Object.hasOwn(keys.letters, event.key) ? keys.letters[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const capture = (event: KeyboardEvent) => everywhere(event);
    const listener = (event: KeyboardEvent) => outside(event);
    window.addEventListener('keydown', capture, { capture: true });
    window.addEventListener('keydown', listener);
    return () => {
      window.removeEventListener('keydown', capture, { capture: true });
      window.removeEventListener('keydown', listener);
    };
  }, []);
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, canvas'));
}
