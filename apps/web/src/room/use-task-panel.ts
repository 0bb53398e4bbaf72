import { useState } from 'react';
import { readPreference, writePreference } from '../auth/browser.ts';

const [WIDTH_KEY, WIDE_KEY] = ['ckx.task-width', 'ckx.task-hidden'];
/** Of the task panel, in percent of the window. */
export const TASK_WIDTH = { least: 20, usual: 32, most: 60 } as const;

const within = (percent: number) => Math.min(TASK_WIDTH.most, Math.max(TASK_WIDTH.least, percent || TASK_WIDTH.usual));

export interface TaskPanelPlace {
  readonly width: number;
  readonly setWidth: (percent: number) => void;
  /** The task makes room for the workspace. */
  readonly wide: boolean;
  readonly setWide: (wide: boolean) => void;
}

/** How much room the task has; kept in this browser, a matter of taste and screens. */
export function useTaskPanel(): TaskPanelPlace {
  const [width, setWidth] = useState(() => within(Number(readPreference(WIDTH_KEY))));
  const [wide, setWide] = useState(() => readPreference(WIDE_KEY) !== null);
  return {
    width,
    setWidth: (percent) => {
      setWidth(within(percent));
      writePreference(WIDTH_KEY, String(within(percent)));
    },
    wide,
    setWide: (now) => {
      setWide(now);
      writePreference(WIDE_KEY, now ? '1' : null);
    },
  };
}
