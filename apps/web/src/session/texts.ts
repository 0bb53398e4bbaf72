import type { Shape } from '../api/client.ts';
import { plural, type Catalogue } from '../i18n/texts.ts';

type Step = Shape<'SessionStatus'>['progress'][number]['step'];

const steps: Record<Step, string> = {
  admitted: 'A place on a host',
  containers: 'Containers and network',
  control_plane: 'Kubernetes API answers',
  node_ready: 'Node is ready',
  workloads: 'A first container runs',
  terminal: 'Terminal answers',
  questions: 'Tasks are set up',
};

const en = {
  steps,
  preparation: {
    title: 'Your exam is being prepared',
    waitingTitle: 'Waiting for a place',
    text: 'You may leave this page and come back. Your time does not run yet.',
    place: (place: number) => (place === 1 ? 'You are next.' : `You are number ${place} in the queue.`),
    elapsed: 'so far',
    done: 'done',
    underWay: 'under way',
    toCome: 'to come',
    parts: (done: number, total: number) => `${done} of ${total}`,
    giveUp: 'Give it up',
    givingUp: 'Giving it up …',
  },
  ready: {
    title: 'Your exam is ready',
    text: 'The clock starts when you do. If you wait for long it starts by itself.',
    duration: 'Your time',
    extra: (minutes: string) => `${minutes} of it because you are entitled to more`,
    tasks: 'Tasks',
    start: 'Start the clock',
    starting: 'Starting …',
    rules: [
      'The time goes on when you close this page. Come back at any time, from any device.',
      'What is on the cluster when you hand in is what is graded.',
      'Press ? for the keys of the exam room.',
    ],
  },
  maintenance: {
    title: 'Maintenance is planned',
    clock:
      'You can go on to the end of your exam. Should your environment be away meanwhile, your clock is given that time back, up to 15 minutes.',
    over: 'The maintenance is over',
  },
  failed: {
    title: 'This session failed',
    text: 'It costs you nothing: neither time of a pass nor one of your sessions of the day.',
    what: 'What happened',
    step: 'Stuck at',
    again: 'Try again',
    backToLab: 'Back to the lab',
    askedBy: (code: string) => `Code ${code}`,
  },
  ended: {
    submitted: 'You handed in',
    expired: 'Time was up',
    cancelled: 'You gave this session up',
    terminated_by_admin: 'An administrator ended this session',
    abandoned: 'This session was abandoned',
    notGraded: 'It was not graded.',
    neverStarted: 'The clock had not started, so nothing was graded, and nothing counts.',
    costsNothing: 'It costs you nothing.',
    reason: 'The reason that was given',
    grading: 'Your work is being graded',
    gradingText: 'Every check runs against what you left. This takes a minute or so; you may leave and come back.',
    gradedOf: (done: number, total: number) => `${done} of ${plural(total, 'task', 'tasks')} graded`,
    gradingFailed: 'It could not be graded',
    gradingFailedText:
      'That is a fault of ours. Your cluster’s answers are kept as far as they were read, and an administrator can grade again.',
    void: 'This attempt is void',
    voidText: 'It does not count, and what it cost was given back.',
    toHistory: 'Your history',
  },
  result: {
    title: 'Result',
    passed: (percent: number, threshold: number) => `Passed: ${percent} % where ${threshold} % are needed`,
    missed: (percent: number, threshold: number) => `Not passed: ${percent} % where ${threshold} % are needed`,
    passedText: 'Look at what was missed all the same: the evidence is below.',
    missedText: 'Below is what each check found, weakest domain first. That is where to go on.',
    provisional: 'This score is provisional',
    provisionalText:
      'Some checks could not be decided by a fault of ours. They count neither for nor against you until they are run again.',
    score: 'Score',
    points: 'Points',
    time: 'Time used',
    finished: 'Graded',
    threshold: (percent: number) => `${percent} % to pass`,
    domains: 'By domain',
    below: 'below what is needed',
    tasks: 'By task',
    filter: 'Show',
    all: 'All',
    lost: 'With points lost',
    none: 'No task lost a point.',
    pointsOf: (earned: number, possible: number) => `${earned} of ${possible}`,
    verdicts: { passed: 'Passed', failed: 'Failed', errored: 'Could not be decided' },
    weight: (weight: number) => plural(weight, 'point', 'points'),
    evidence: 'What it found',
    noEvidence: 'The check printed nothing.',
    exit: (code: number) => `exit code ${code}`,
    print: 'Print',
    again: 'Take it again',
  },
};

export const sessionTexts: Catalogue<typeof en> = { en };
