import { useSyncExternalStore } from 'react';
import { tokens } from './browser.ts';
import type { Standing } from './tokens.ts';

export function useStanding(): Standing {
  return useSyncExternalStore(tokens.subscribe, tokens.standing);
}
