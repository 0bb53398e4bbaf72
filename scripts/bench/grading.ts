/**
 * How long the questions of a lab take to be set up on a booted node, and to be graded once they are solved; beside the same checks one after
 * the other, each over an SSH connection of its own, on the same cluster in the same run.
 */
import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { findTarget } from '@ckx/cli';
import { CkxError, UserView, type AttemptResult, type ExamSessionId, type LabId, type QuestionId } from '@ckx/contracts';
import { createCatalog, type LabPack } from '@ckx/lab-packs';
import { EnvironmentEntity, openDatabase } from '@ckx/persistence';
import { ApiClient, openShell, shellExec } from '@ckx/test-support/client';
import { startInstallation } from '@ckx/test-support/installation';
import { insertRunningPass } from '@ckx/test-support/passes';
import { ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';
import { z } from 'zod';
import { runOneByOne, type OneByOne } from './one-by-one.ts';

const READY_WITHIN_MS = 240_000;
const GRADED_WITHIN_MS = 600_000;
const GONE_WITHIN_MS = 180_000;
/** Room for the largest environment there is, whatever the machine: nothing else runs in the installation. */
const ROOM = { CKX_HOST_CPU_MILLIS: '16000', CKX_HOST_MEMORY_MIB: '24576' };

export interface GradingFigures {
  readonly at: string;
  /** The load is that of the minute before: what else the machine did falls on all figures. */
  readonly machine: { readonly cpus: number; readonly model: string; readonly load: number };
  readonly lab: { readonly id: LabId; readonly questions: number; readonly setups: number; readonly checks: number };
  /** From the request until the session is ready. */
  readonly readyMs: number;
  /** From the cluster's being usable until the last setup has ended. */
  readonly setupMs: number;
  /** What the solutions earned. */
  readonly percent: number | null;
  /** From handing in until the result is there: the terminal closed, a grader opened, every check run, evidence kept. */
  readonly gradingMs: number;
  /** What the grader's own clock says of the checks, added up: how much of the work was done at once. */
  readonly checksMs: number;
  readonly oneByOneMs: number;
  /** Of those, until connections stood. */
  readonly connectingMs: number;
  readonly ratio: number;
  /** The longest as the grader ran them. */
  readonly longest: readonly { readonly check: string; readonly durationMs: number }[];
  /** Checks of which the two say otherwise, a sentence each. */
  readonly disagreements: readonly string[];
}

type Say = (line: string) => void;

/** @throws CkxError `LAB_UNKNOWN`. Leaves nothing behind, whatever happens. */
export async function measureGrading(labId: LabId, say: Say, signal: AbortSignal): Promise<GradingFigures> {
  const { labFolders } = await findTarget(undefined);
  const pack = createCatalog(labFolders).get(labId);
  if (pack === undefined) {
    throw new CkxError('user', 'LAB_UNKNOWN', `There is no lab ${labId} here.`, { remedy: 'Name one of the folder labs, or of CKX_LABS.' });
  }
  await using cleanup = new AsyncDisposableStack();
  const engine = await ensureEngine({ log: say });
  cleanup.defer(() => engine.release());
  const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
  Object.assign(process.env, { DOCKER_HOST: engine.dockerHost, ...imageVariables(images) });
  const load = loadavg()[0] ?? 0;
  const installation = await startInstallation({ ...ROOM, CKX_LABS: labFolders.join(':'), MOCK_SESSIONS_PER_DAY: '0' });
  cleanup.defer(() => installation.stop());
  const { apiUrl, databaseUrl, installation: label } = await installation.run();
  const dataSource = await openDatabase(databaseUrl);
  cleanup.defer(() => dataSource.destroy());

  const client = await ApiClient.register(apiUrl);
  const { id: userId } = await client.get('/users/me', UserView);
  await insertRunningPass(dataSource.manager, userId);
  const id = await client.startSession(labId);
  cleanup.defer(() => end(client, id, say));
  const measured = sit({ client, id, pack, say, signal }, async (questionIds) => {
    const { spec } = await dataSource.manager.findOneByOrFail(EnvironmentEntity, { examSessionId: id });
    return runOneByOne({ spec, pack, questionIds, images, installation: label, dockerHost: engine.dockerHost, say, signal });
  });
  const figures = await untilAborted(signal, measured);
  return { ...figures, machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', load } };
}

interface Seat {
  readonly client: ApiClient;
  readonly id: ExamSessionId;
  readonly pack: LabPack;
  readonly say: Say;
  readonly signal: AbortSignal;
}

/** @param oneByOne called while the session runs and its questions are solved. */
async function sit(
  { client, id, pack, say, signal }: Seat,
  oneByOne: (questionIds: readonly QuestionId[]) => Promise<OneByOne>,
): Promise<Omit<GradingFigures, 'machine'>> {
  const { createdAt, readyAt, progress } = await client.waitForState(id, 'ready', READY_WITHIN_MS);
  const readyMs = Date.parse(readyAt ?? '') - Date.parse(createdAt);
  const setupMs = progress.find(({ step }) => step === 'questions')?.durationMs ?? 0;
  say(`ready after ${seconds(readyMs)}; questions set up in ${seconds(setupMs)}`);
  await post(client, `/sessions/${id}/start`);
  await client.waitForState(id, 'running');
  const asked = (await client.get(`/sessions/${id}/questions`, z.array(z.object({ id: z.string() })))).map((question) => question.id);
  const questions = pack.questions.filter(({ view }) => asked.includes(view.id));
  await solve({ client, id, pack, say, signal }, questions);

  say('the checks one after the other, each over a connection of its own');
  const alone = await oneByOne(questions.map(({ view }) => view.id));
  signal.throwIfAborted();

  say(`${seconds(alone.totalMs)}; handing in`);
  const handedIn = performance.now();
  await post(client, `/sessions/${id}/submit`);
  await client.waitFor(id, ({ attempt }) => attempt === 'graded' || attempt === 'grading_failed', GRADED_WITHIN_MS);
  const gradingMs = performance.now() - handedIn;
  const result = await client.result(id);
  say(`graded after ${seconds(gradingMs)}: ${result.percent ?? '-'} %`);
  const checks = checksOf(result);
  return {
    at: new Date().toISOString(),
    lab: {
      id: pack.summary.id,
      questions: questions.length,
      setups: questions.filter(({ setup }) => setup.length > 0).length,
      checks: checks.length,
    },
    readyMs,
    setupMs,
    percent: result.percent,
    gradingMs,
    checksMs: checks.reduce((sum, { durationMs }) => sum + durationMs, 0),
    oneByOneMs: alone.totalMs,
    connectingMs: alone.connectingMs,
    ratio: alone.totalMs / gradingMs,
    longest: checks
      .map(({ name, durationMs }) => ({ check: name, durationMs }))
      .sort((one, other) => other.durationMs - one.durationMs)
      .slice(0, 5),
    disagreements: checks.flatMap(({ name, verdict }) => {
      const other = alone.verdicts.get(name);
      return other === verdict ? [] : [`${name} is ${verdict} when graded, and was ${other ?? 'missing'} over SSH.`];
    }),
  };
}

async function solve({ client, id, pack, say, signal }: Seat, questions: LabPack['questions']): Promise<void> {
  const shell = await openShell(await client.sshKey(id));
  try {
    for (const { view, solution } of questions) {
      signal.throwIfAborted();
      if (solution === null) continue;
      const { exitCode, stderr } = await shellExec(shell, 'bash -ls', await readFile(join(pack.root, solution.path), 'utf8'));
      say(`${view.id}: ${exitCode === 0 ? 'solved' : `its solution ended with ${exitCode}: ${stderr.trim().slice(-300)}`}`);
    }
  } finally {
    shell.end();
  }
}

function checksOf({ questions }: AttemptResult) {
  return questions.flatMap(({ questionId, checks }) =>
    checks.map(({ checkId, verdict, durationMs }) => ({ name: `${questionId}/${checkId}`, verdict, durationMs })),
  );
}

async function post(client: ApiClient, path: string): Promise<void> {
  const { status, body } = await client.send('POST', path);
  if (status !== 202) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
}

/** Ends the session where it has not ended, and waits until nothing is left of it. */
async function end(client: ApiClient, id: ExamSessionId, say: Say): Promise<void> {
  const { state } = await client.status(id);
  if (state !== 'terminated' && state !== 'failed') await client.send('DELETE', `/sessions/${id}`);
  say('removing the session');
  await client.waitFor(id, ({ environment }) => environment === null || environment === 'destroyed', GONE_WITHIN_MS);
}

/** What `work` comes to, unless the signal is quicker; what is still under way then ends with what it works on. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const seconds = (durationMs: number) => `${(durationMs / 1_000).toFixed(1)} s`;
