import { useSyncExternalStore } from 'react';
import { readPreference, writePreference } from '../../auth/browser.ts';
import type { ThemeName } from './themes.ts';

/** How terminals look: taste, kept in this browser, the same for all of them. */
export interface TerminalSettings {
  /** In pixels. */
  readonly fontSize: number;
  readonly theme: ThemeName;
}

const [FONT_KEY, THEME_KEY] = ['ckx.font-size', 'ckx.terminal-theme'];
const [SMALLEST, USUAL, LARGEST] = [10, 14, 28];
const NAMES: readonly ThemeName[] = ['dark', 'light', 'contrast'];

const sizeWithin = (size: number) => Math.min(LARGEST, Math.max(SMALLEST, Math.round(size) || USUAL));

let now: TerminalSettings = {
  fontSize: sizeWithin(Number(readPreference(FONT_KEY) ?? USUAL)),
  theme: NAMES.find((name) => name === readPreference(THEME_KEY)) ?? 'dark',
};
const listeners = new Set<() => void>();

export function changeTerminalSettings(change: Partial<TerminalSettings>): void {
  now = { ...now, ...change };
  now = { ...now, fontSize: sizeWithin(now.fontSize) };
  writePreference(FONT_KEY, String(now.fontSize));
  writePreference(THEME_KEY, now.theme);
  for (const listener of listeners) listener();
}

export function useTerminalSettings(): TerminalSettings {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
