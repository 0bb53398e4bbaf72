import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { readPreference, writePreference } from '../auth/browser.ts';
import { useTexts } from '../i18n/texts.ts';
import { roomTexts } from './texts.ts';

const KEY = 'ckx.task-width';
const [LEAST, USUAL, MOST] = [20, 32, 60];
const STEP = 2;

const within = (percent: number) => Math.min(MOST, Math.max(LEAST, percent));

/** Width of the task panel in percent of the window; kept in this browser, a matter of taste and screens. */
export function useTaskWidth(): readonly [number, (percent: number) => void] {
  const [width, setWidth] = useState(() => within(Number(readPreference(KEY) ?? USUAL) || USUAL));
  const change = (percent: number) => {
    setWidth(within(percent));
    writePreference(KEY, String(within(percent)));
  };
  return [width, change];
}

/** The line between the panels: dragged, or moved by the arrow keys. */
export function Splitter({ width, onChange }: { readonly width: number; readonly onChange: (percent: number) => void }) {
  const texts = useTexts(roomTexts);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: LEAST, End: MOST }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChange(to);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onChange((100 * event.clientX) / window.innerWidth);
  };
  return (
    <div
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-label={texts.split}
      aria-orientation="vertical"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={Math.round(width)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onChange(USUAL)}
    />
  );
}
