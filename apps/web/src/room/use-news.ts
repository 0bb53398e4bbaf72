import { useCallback, useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import type { WarningMinutes } from '../session/clock.ts';
import { sessionTexts } from '../session/texts.ts';
import type { KnownSession } from '../session/use-session.ts';
import { formatGiven } from './exam-clock.tsx';
import type { News } from './news.tsx';
import { roomTexts } from './texts.ts';

/** What happened while this page was open, less what was put away. */
export function useNews({ told }: KnownSession): {
  readonly news: readonly News[];
  readonly dismiss: (id: string) => void;
  readonly warn: (minutes: WarningMinutes) => void;
} {
  const texts = useTexts(roomTexts);
  const { maintenance: words } = useTexts(sessionTexts);
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const [warning, setWarning] = useState<WarningMinutes | null>(null);
  const given = told.given.map(({ id, kind, milliseconds, reason }): News => {
    const amount = formatGiven(milliseconds);
    return {
      id: `given-${id}`,
      kind: 'good',
      title: kind === 'extension' ? texts.clock.extended(amount) : texts.clock.credited(amount),
      text: reason,
    };
  });
  const restarted: News[] = told.restarts === 0 ? [] : [{ id: `restart-${told.restarts}`, kind: 'info', title: texts.restarted }];
  const { maintenance } = told;
  const serviced: News[] =
    maintenance === null
      ? []
      : maintenance.message === null
        ? [{ id: `maintenance-${maintenance.id}`, kind: 'info', title: words.over }]
        : [{ id: `maintenance-${maintenance.id}`, kind: 'warn', title: words.title, text: maintenance.message, more: words.clock }];
  const warned: News[] = warning === null ? [] : [{ id: `warning-${warning}`, kind: 'warn', title: texts.clock.warning(warning) }];
  return {
    news: [...serviced, ...given, ...restarted, ...warned].filter(({ id }) => !away.has(id)),
    dismiss: useCallback((id: string) => setAway((before) => new Set(before).add(id)), []),
    warn: useCallback((minutes: WarningMinutes) => {
      setWarning(minutes);
      // Said before, and taken back by time that was given: it is news again.
      setAway((before) => new Set([...before].filter((id) => id !== `warning-${minutes}`)));
    }, []),
  };
}
