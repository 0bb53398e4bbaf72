import { plural, type Catalogue } from '../i18n/texts.ts';

const en = {
  title: 'Practice',
  check: 'Check now',
  checking: 'Checking …',
  justNow: 'That was checked a moment ago. Wait some seconds.',
  hint: 'Show a hint',
  nextHint: 'Next hint',
  hintNumber: (number: number) => `Hint ${number}`,
  points: (earned: number, possible: number) => `${earned} of ${possible} points`,
  tries: (tries: number) => `after ${plural(tries, 'check', 'checks')}`,
  verdicts: { passed: 'passed', failed: 'failed', errored: 'could not be decided' },
  output: 'What it found',
  solution: 'Solution',
};

export const practiceTexts: Catalogue<typeof en> = { en };
