import type { Catalogue } from '../i18n/texts.ts';

const en = {
  recordings: {
    title: 'Terminal recordings',
    tab: (name: string | null) => (name === null ? 'Desktop' : `Terminal ${name}`),
    of: (moment: string, length: string) => `${moment}, ${length}`,
    cut: 'The end is missing: it was too long to be kept whole.',
    play: 'Play',
    playOf: (name: string, moment: string) => `Play ${name} of ${moment}`,
    close: 'Close',
    loading: 'Loading the recording …',
  },
  player: {
    play: 'Play',
    pause: 'Pause',
    position: 'Position',
    at: (at: string, of: string) => `${at} of ${of}`,
    speed: 'Speed',
    idle: 'Pauses of more than two seconds are shortened.',
    unreadable: 'This recording cannot be read.',
  },
  solution: {
    title: 'Solution',
    script: 'What one could have typed',
    documentation: 'Documentation',
  },
  objects: {
    title: 'Objects as they were graded',
    text: (namespace: string) => `Namespace ${namespace}. The data of secrets is left out.`,
    cut: 'The end is missing: there were too many.',
    loading: 'Loading …',
  },
  regrades: {
    title: 'Graded again',
    row: (moment: string, percent: number) => `${moment}; it was ${percent} % before`,
  },
};

export const reviewTexts: Catalogue<typeof en> = { en };
