import type { Catalogue } from '../i18n/texts.ts';

const en = {
  title: 'Practise the Kubernetes exams on a cluster of your own',
  lead: 'CKAD, CKA and CKS as they are sat: tasks, a terminal, a clock. Then a result that shows what every check found.',
  start: 'Try a free exam',
  goOn: 'Go to your dashboard',
  note: 'Free labs need an account and nothing else.',
  picture: 'The exam room: a task on the left, a terminal on the right, the time that is left above.',
  labsTitle: 'Free labs',
  labsText: 'Each one with a cluster that is built for you and for nobody else.',
  all: 'All labs',
  allPrices: 'What a pass opens',
  howTitle: 'How it works',
  how: [
    [
      'A real cluster',
      'Upstream Kubernetes with kubeadm’s own layout. What you break you can repair, down to the kubelet. Nobody else is on it.',
    ],
    ['A fair clock', 'The server keeps it. It outlives a closed laptop, and time that is lost by a fault of ours is given back.'],
    ['Evidence, not just a score', 'For each check you see whether it passed, what it looked at and what it found there.'],
  ] as const,
  endTitle: 'See where you stand',
  endText: 'A free exam takes about half an hour, and its result a minute.',
};

export const landingTexts: Catalogue<typeof en> = { en };
