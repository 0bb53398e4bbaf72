/** Six sessions of six candidates, brought into the six states at the same moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExamSessionId, type SessionStatus } from '@ckx/contracts';
import { ApiClient } from '@ckx/test-support/client';

export const STATES = ['queued', 'initializing', 'ready', 'running', 'grading', 'teardown'] as const;
export type State = (typeof STATES)[number];

/** One more than fits at once: the last waits in the queue. */
export const PLACES = STATES.length - 1;

const LAB = 'slow-01';
const BOOT_TIMEOUT_MS = 240_000;

export interface Subject {
  readonly client: ApiClient;
  readonly id: ExamSessionId;
  /** As it was when the kill came. */
  readonly before: SessionStatus;
}
export type Stage = Readonly<Record<State, Subject>>;

/** What each state looks like in a session's status. */
const LOOKS: Record<State, (status: SessionStatus) => boolean> = {
  queued: ({ state, waiting }) => state === 'created' && waiting !== null,
  initializing: ({ state }) => state === 'initializing',
  ready: ({ state }) => state === 'ready',
  running: ({ state }) => state === 'running',
  grading: ({ attempt }) => attempt === 'grading',
  teardown: ({ environment }) => environment === 'destroying',
};

/**
 * @param strike called once all six are where they should be; what they were then is in the stage.
 * @throws Error where a session did not get into its state.
 */
export async function stage(apiUrl: string, strike: (sessions: readonly ExamSessionId[]) => Promise<void>): Promise<Stage> {
  const begin = async () => {
    const client = await ApiClient.register(apiUrl);
    return { client, id: await client.startSession(LAB) };
  };
  const reach = (subject: Awaited<ReturnType<typeof begin>>, state: State) =>
    subject.client.waitFor(subject.id, LOOKS[state], BOOT_TIMEOUT_MS);

  const [ready, running, grading, teardown] = [await begin(), await begin(), await begin(), await begin()];
  await Promise.all([ready, running, grading, teardown].map((subject) => reach(subject, 'ready')));
  await Promise.all([running, grading].map(({ client, id }) => client.send('POST', `/sessions/${id}/start`)));
  await Promise.all([running, grading].map((subject) => reach(subject, 'running')));
  const initializing = await begin();
  await reach(initializing, 'initializing');
  const queued = await begin();
  await reach(queued, 'queued');
  await grading.client.send('POST', `/sessions/${grading.id}/submit`);
  await reach(grading, 'grading');
  await teardown.client.send('DELETE', `/sessions/${teardown.id}`);
  // Teardown is over in a second or two: no wait between look and blow.
  while (!LOOKS.teardown(await teardown.client.status(teardown.id))) await sleep(5);
  const look = async (subject: Omit<Subject, 'before'>, state: State): Promise<Subject> => {
    const before = await subject.client.status(subject.id);
    if (!LOOKS[state](before)) throw new Error(`Session ${subject.id} was not ${state} any more: ${JSON.stringify(before)}`);
    return { ...subject, before };
  };
  const subjects = await Promise.all([
    look(queued, 'queued'),
    look(initializing, 'initializing'),
    look(ready, 'ready'),
    look(running, 'running'),
    look(grading, 'grading'),
  ]);
  await strike([...subjects, teardown].map(({ id }) => id));
  const [first, second, third, fourth, fifth] = subjects;
  const last = { ...teardown, before: fifth.before };
  return { queued: first, initializing: second, ready: third, running: fourth, grading: fifth, teardown: last };
}
