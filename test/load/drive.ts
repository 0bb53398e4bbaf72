/** Leads every session of a run to its fate, through the API alone, whatever dies meanwhile: what was not answered is asked again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, SessionView, type ExamSessionId } from '@ckx/contracts';
import type { ApiClient, Answer } from '@ckx/test-support/client';
import type { Candidate } from './candidates.ts';
import { between } from './chance.ts';
import { MEETS_IN, type Plan } from './fates.ts';
import { readSessions, type SessionRow } from './records.ts';

const LOOK_EVERY_MS = 500;
/** Requests that are under way at once. */
const AT_ONCE = 20;
/** What has had no effect is asked again after this. */
const ASK_AGAIN_MS = 5_000;

export interface Subject {
  readonly plan: Plan;
  readonly candidate: Candidate;
  id: ExamSessionId | null;
  /** When it was first seen where it meets its fate, epoch milliseconds. */
  metAt: number | null;
  askedAt: number;
  nodeKilled: boolean;
}

export interface Drive {
  readonly subjects: readonly Subject[];
  readonly admin: ApiClient;
  readonly databaseUrl: string;
  /** Lets the node of a session die whose plan says so. */
  readonly killNode: (row: SessionRow) => Promise<void>;
  readonly seed: string;
  /** Ends the run before it is over. */
  readonly signal: AbortSignal;
  /** Called after each look. */
  readonly onLook: (rows: readonly SessionRow[]) => void;
}

/** Returns when every session is over and its environment gone. @throws Error where that does not happen in time. */
export async function drive(run: Drive, withinMs: number): Promise<SessionRow[]> {
  const end = Date.now() + withinMs;
  const creating = createAll(run);
  creating.catch(() => undefined);
  for (;;) {
    run.signal.throwIfAborted();
    const rows = await readSessions(run.databaseUrl);
    run.onLook(rows);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const created = run.subjects.filter(({ id }) => id !== null);
    if (created.length === run.subjects.length && rows.every(isSettled)) {
      await creating;
      return rows;
    }
    if (Date.now() > end) throw new Error(`Not over within ${withinMs / 60_000} minutes: ${unsettled(rows)}`);
    const work = created.map((subject) => () => step(run, subject, subject.id === null ? undefined : byId.get(subject.id)));
    await Promise.all([inPool(work), sleep(LOOK_EVERY_MS)]);
  }
}

function isSettled({ state, environment, attempt }: SessionRow): boolean {
  const isOver = state === 'terminated' || state === 'failed';
  return isOver && (environment === null || environment === 'destroyed') && attempt !== 'in_progress' && attempt !== 'grading';
}

function unsettled(rows: readonly SessionRow[]): string {
  const open = rows.filter((row) => !isSettled(row));
  const some = open.slice(0, 5).map(({ id, state, environment, attempt }) => `${id} ${state}/${environment}/${attempt}`);
  return `${open.length} sessions, such as ${some.join(', ')}`;
}

async function createAll({ subjects, seed, signal }: Drive): Promise<void> {
  await inPool(
    subjects.map((subject) => async () => {
      await sleep(between(0, 400, seed, subject.plan.number, 'comes'));
      subject.id = await create(subject, signal);
    }),
  );
}

/** A candidate whose request was not answered asks again, and is told of the session that came of it. */
async function create({ candidate: { client }, plan }: Subject, signal: AbortSignal): Promise<ExamSessionId> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask(client, 'POST', '/sessions', { labId: plan.labId });
    if (answer?.status === 202) return SessionView.parse(answer.body).examSessionId;
    const problem = Problem.safeParse(answer?.body).data;
    const active = SessionView.shape.examSessionId.safeParse(problem?.details?.['examSessionId']);
    if (problem?.code === 'SESSION_ACTIVE' && active.success) return active.data;
    if (answer !== null && answer.status < 500) throw new Error(`A start answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await sleep(500);
  }
}

async function step({ admin, killNode }: Drive, subject: Subject, row: SessionRow | undefined): Promise<void> {
  if (row === undefined || row.state === 'terminated' || row.state === 'failed') return;
  const { plan, candidate } = subject;
  const { client } = candidate;
  const now = Date.now();
  const meetsIn = MEETS_IN[plan.fate];
  if (row.state === 'ready' && meetsIn === 'running' && now - subject.askedAt > ASK_AGAIN_MS) {
    subject.askedAt = now;
    await ask(client, 'POST', `/sessions/${row.id}/start`);
    return;
  }
  // One that was quicker than a look is met in the state after.
  const hasCome = row.state === meetsIn || (meetsIn !== 'running' && row.state !== 'created');
  if (!hasCome || plan.fate === 'expires') return;
  if (subject.metAt === null) {
    subject.metAt = now;
    subject.askedAt = 0;
  }
  if (plan.losesNode && !subject.nodeKilled) {
    subject.nodeKilled = true;
    await killNode(row);
  }
  if (now - subject.metAt < plan.lingersMs || now - subject.askedAt < ASK_AGAIN_MS) return;
  subject.askedAt = now;
  if (plan.fate === 'submits') await ask(client, 'POST', `/sessions/${row.id}/submit`);
  else if (plan.fate.startsWith('cancels')) await ask(client, 'DELETE', `/sessions/${row.id}`);
  else await ask(admin, 'POST', `/admin/sessions/${row.id}/terminate`, { reason: 'The load test has it so.' });
}

/** null where nobody answered. */
async function ask(client: ApiClient, method: string, path: string, body?: unknown): Promise<Answer | null> {
  return client.send(method, path, body).catch(() => null);
}

async function inPool(work: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = work.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of waiting) await one();
    }),
  );
}
