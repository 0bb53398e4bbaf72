import { useEffect, useReducer } from 'react';
import { readPreference, writePreference } from '../../auth/browser.ts';
import { applyDeed, firstLayout, type Deed, type Layout, type Split, type TabKey } from './layout.ts';

const KEY = 'ckx.workspace';
const SPLITS: readonly Split[] = ['none', 'beside', 'below'];

interface Kept {
  readonly split: Split;
  readonly share: number;
  readonly second: TabKey | null;
}

/**
 * The layout of the workspace. How it is divided is kept in this browser, as a matter of taste and screens; which tabs there are is the
 * server's to say.
 */
export function useLayout(hasDesktop: boolean): readonly [Layout, (deed: Deed) => void] {
  const [layout, act] = useReducer(applyDeed, hasDesktop, begin);
  const [, second] = layout.shown;
  const kept = JSON.stringify({ split: layout.split, share: Math.round(layout.share), second: second === 'desktop' ? second : null });
  useEffect(() => writePreference(KEY, kept), [kept]);
  return [layout, act];
}

function begin(hasDesktop: boolean): Layout {
  const kept = readKept();
  const layout = firstLayout({ ...kept, second: hasDesktop ? kept.second : null });
  return hasDesktop ? applyDeed(layout, { kind: 'found', tabs: ['desktop'] }) : layout;
}

/** Whatever is kept there: somebody may have changed it. */
function readKept(): Kept {
  const nothing: Kept = { split: 'none', share: 50, second: null };
  let value: unknown;
  try {
    value = JSON.parse(readPreference(KEY) ?? 'null');
  } catch {
    return nothing;
  }
  if (typeof value !== 'object' || value === null || !('split' in value) || !('share' in value) || !('second' in value)) return nothing;
  const split = SPLITS.find((one) => one === value.split) ?? 'none';
  return { split, share: Number(value.share) || 50, second: value.second === 'desktop' ? 'desktop' : null };
}
