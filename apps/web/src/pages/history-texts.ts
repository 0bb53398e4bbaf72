import type { Shape } from '../api/client.ts';
import type { Catalogue } from '../i18n/texts.ts';

type Session = Shape<'SessionView'>;

const states: Record<Session['state'], string> = {
  created: 'Waiting',
  initializing: 'Being prepared',
  ready: 'Ready',
  running: 'Running',
  terminated: 'Over',
  failed: 'Failed',
};
const outcomes: Record<NonNullable<Session['outcome']>, string> = {
  submitted: 'Handed in',
  expired: 'Time was up',
  cancelled: 'Given up',
  terminated_by_admin: 'Ended by an administrator',
  abandoned: 'Abandoned',
};

const en = {
  states,
  outcomes,
  title: 'History',
  text: 'Every session of yours, newest first.',
  empty: 'Nothing here yet',
  emptyText: 'Your sessions and their results will be listed here.',
  toLabs: 'See the labs',
  rehearsal: 'Rehearsal',
  practice: 'Practice',
  passed: (percent: number) => `Passed, ${percent} %`,
  missed: (percent: number) => `Not passed, ${percent} %`,
};

export const historyTexts: Catalogue<typeof en> = { en };
