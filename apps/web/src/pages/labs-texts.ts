import type { Shape } from '../api/client.ts';
import { plural, type Catalogue } from '../i18n/texts.ts';

type Lab = Shape<'LabSummary'>;

const categories: Record<Lab['category'], string> = { CKAD: 'CKAD', CKA: 'CKA', CKS: 'CKS', DOCKER: 'Docker', HELM: 'Helm' };
const types: Record<Lab['type'], string> = { mock: 'Free', full: 'Full' };
const levels: Record<Lab['difficulty'], string> = { easy: 'Easy', medium: 'Medium', hard: 'Hard' };

const en = {
  categories,
  types,
  levels,
  title: 'Labs',
  text: 'Each one is an exam of its own: a cluster, tasks, a clock, a result.',
  category: 'Category',
  type: 'Type',
  level: 'Level',
  any: 'All',
  clear: 'Clear the filters',
  count: (count: number) => plural(count, 'lab', 'labs'),
  questions: (count: number) => plural(count, 'task', 'tasks'),
  none: 'No lab fits these filters',
  noneText: 'Take one of them away, or clear them all.',
  empty: 'There is no lab yet',
  emptyText: 'This installation offers none. Its administrator adds them.',
  visitor: 'You see the free labs. Sign in to see them all.',
  modes: {
    label: 'How to sit it',
    exam: ['Exam', 'A clock, no help, a score. As on the day.'],
    practice: ['Practice', 'Plenty of time, hints, checks while you work, solutions. Counts in no statistics.'],
  } as const,
  passQuestion: {
    title: 'Start your pass now?',
    text: 'This lab begins the time of the pass that you bought. It runs until it ends and cannot be stopped.',
    yes: 'Start the pass and the lab',
    no: 'Not now',
  },
  lab: {
    duration: 'Time',
    tasks: 'Tasks',
    pass: 'To pass',
    level: 'Level',
    expect: 'What to expect',
    steps: [
      [
        'A cluster of your own is built',
        'You see each step. If every place is taken you see your place in the queue, and nothing of your time runs.',
      ],
      ['You start the clock', 'It starts when you say so, or ten minutes after the cluster is ready.'],
      ['You work in a terminal', 'In the browser, or with your own SSH client. kubectl, helm, vim, jq and yq are there.'],
      ['You hand in', 'Or the time ends. Then every check runs, and the result shows what each one found.'],
    ] as const,
    require: 'What you need',
    requirements: [
      'A window at least 1024 pixels wide: a laptop, not a phone.',
      'A current browser: Chrome, Edge, Firefox or Safari.',
      'Time without interruptions. The clock goes on when you close the page; you can come back to it from any device.',
    ],
    fair: 'The server keeps the clock. Time that is lost by a fault of ours is given back, and you see when and why.',
    start: 'Start this exam',
    practise: 'Start practising',
    starting: 'Starting …',
    signIn: 'Sign in to start',
    free: 'Free of charge.',
    full: 'Needs an access pass.',
    refused: 'It could not be started',
    toOpen: 'Go to your session',
    maintenance: 'No sessions start at the moment',
    back: 'All labs',
  },
};

export const labsTexts: Catalogue<typeof en> = { en };
