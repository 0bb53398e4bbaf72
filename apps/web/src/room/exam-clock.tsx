import { useEffect, useRef, useState } from 'react';
import type { Shape } from '../api/client.ts';
import { Clock } from '../components/icons.tsx';
import { formatClock, formatMinutes, formatTimeOfDay } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { warningAt, type WarningMinutes } from '../session/clock.ts';
import { useTimeLeft } from '../session/use-time-left.ts';
import { Dialog } from './dialog.tsx';
import { roomTexts } from './texts.ts';

interface ExamClockProps {
  readonly deadlineAt: string | null;
  readonly durationMs: number;
  readonly onOpen: () => void;
  readonly onWarning: (minutes: WarningMinutes) => void;
}

/** The one large figure of the exam room. */
export function ExamClock({ deadlineAt, durationMs, onOpen, onWarning }: ExamClockProps) {
  const { clock } = useTexts(roomTexts);
  const leftMs = useTimeLeft(deadlineAt);
  const warning = leftMs === null ? null : warningAt(leftMs, durationMs);
  useCrossing(warning, onWarning);
  const figure = leftMs === null ? '–:––' : formatClock(leftMs);
  const urgency = warning === null ? '' : warning === 5 ? 'urgent' : warning === 10 ? 'soon' : '';
  return (
    <button type="button" className={`exam-clock ${urgency}`} onClick={onOpen} aria-label={clock.open(figure)} aria-keyshortcuts="t">
      <Clock />
      {/* Not a live region: nobody wants to hear every second. Warnings are announced. */}
      <span className="figure" role="timer">
        {figure}
      </span>
    </button>
  );
}

/** Tells of a warning when its moment passes, not when the page is opened after it; and again where time was given in between. */
function useCrossing(warning: WarningMinutes | null, onWarning: (minutes: WarningMinutes) => void): void {
  const [first] = useState(warning);
  const last = useRef(first);
  useEffect(() => {
    if (warning !== null && (last.current === null || warning < last.current)) onWarning(warning);
    last.current = warning;
  }, [warning, onWarning]);
}

/** The ledger from which the deadline follows. */
export function ClockEntries(props: {
  readonly entries: Shape<'SessionView'>['clock'];
  readonly deadlineAt: string | null;
  readonly onClose: () => void;
}) {
  const { clock } = useTexts(roomTexts);
  return (
    <Dialog title={clock.title} onClose={props.onClose}>
      <div className="stack">
        <p className="muted">{clock.text}</p>
        <ul className="ledger">
          {props.entries.map((entry) => (
            <li key={entry.id}>
              <span>
                {clock[entry.kind]}
                {entry.kind !== 'start' && <span className="muted small">{entry.reason}</span>}
              </span>
              <span className="muted small">{formatTimeOfDay(entry.at)}</span>
              <span className="figure">+{formatGiven(entry.milliseconds)}</span>
            </li>
          ))}
        </ul>
        {props.deadlineAt !== null && <p>{clock.until(formatTimeOfDay(props.deadlineAt))}</p>}
      </div>
    </Dialog>
  );
}

/** "5 min", "40 s" */
export function formatGiven(milliseconds: number): string {
  return milliseconds >= 60_000 ? formatMinutes(Math.round(milliseconds / 60_000)) : `${Math.round(milliseconds / 1000)} s`;
}
