import type { KeyboardEvent, PointerEvent } from 'react';

const STEP = 2;

interface SplitterProps {
  readonly label: string;
  /** Which way it divides: `vertical` stands between left and right. */
  readonly orientation: 'vertical' | 'horizontal';
  /** Of the first part, in percent of what is divided. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
  readonly onChange: (percent: number) => void;
}

/** The line between two parts: dragged, moved by the arrow keys, put back by a double click. */
export function Splitter({ label, orientation, value, least, most, usual, onChange }: SplitterProps) {
  const upright = orientation === 'vertical';
  const onKeyDown = (event: KeyboardEvent) => {
    const [back, on] = upright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const to = event.key === back ? value - STEP : event.key === on ? value + STEP : { Home: least, End: most }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChange(to);
  };
  const onPointerMove = (event: PointerEvent) => {
    const { currentTarget } = event;
    const whole = currentTarget.closest('[data-divided]')?.getBoundingClientRect();
    if (whole === undefined || !currentTarget.hasPointerCapture(event.pointerId)) return;
    onChange(upright ? (100 * (event.clientX - whole.left)) / whole.width : (100 * (event.clientY - whole.top)) / whole.height);
  };
  return (
    <div
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(value)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onChange(usual)}
    />
  );
}
