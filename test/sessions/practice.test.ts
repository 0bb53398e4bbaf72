/** A session that is practised, on a real cluster: its questions are checked beside the candidate, who notices nothing of it. */
import { CheckedQuestion, QuestionHelp, SessionView } from '@ckx/contracts';
import { ApiClient, expectProblem, openShell, shellExec } from '@ckx/test-support/client';
import { expect, it } from 'vitest';
import { running, solution, waitForGrade, waitForTeardown } from './support.ts';

const LAB = 'ckad-mock-01';
/** Longer than this nobody's shell may stand still. */
const NOTICED_MS = 3_000;

it('tells how far a question is, shows its solution after an honest try, and is graded at its end', async () => {
  const candidate = await ApiClient.register((await running()).apiUrl);
  const started = await candidate.send('POST', '/sessions', { labId: LAB, mode: 'practice' });
  const { examSessionId: id, durationSeconds } = SessionView.parse(started.body);
  expect(durationSeconds).toBe(90 * 60);
  await candidate.waitForState(id, 'ready');
  const question = `/sessions/${id}/questions/1`;
  expectProblem(await candidate.send('POST', `${question}/check`), 409, 'SESSION_NOT_RUNNING');
  await candidate.send('POST', `/sessions/${id}/start`);
  await candidate.waitForState(id, 'running');
  const check = async () => CheckedQuestion.parse((await candidate.send('POST', `${question}/check`)).body);

  const untouched = await check();
  expect(untouched).toMatchObject({ earned: 0, position: 1 });
  expect(untouched.checks.every(({ verdict, output }) => verdict === 'failed' && output !== '')).toBe(true);
  const shell = await openShell(await candidate.sshKey(id));
  try {
    expect(await shellExec(shell, 'bash -s', await solution(LAB, 'weather-desk'))).toMatchObject({ exitCode: 0 });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const beating = shellExec(shell, 'for _ in $(seq 100); do date +%s%3N; sleep 0.1; done');
    const solved = await check();
    expect(solved.earned, JSON.stringify(solved)).toBe(solved.possible);
    const beats = (await beating).stdout.trim().split('\n').map(Number);
    expect(Math.max(...beats.slice(1).map((at, index) => at - (beats[index] ?? at)))).toBeLessThan(NOTICED_MS);
  } finally {
    shell.end();
  }
  const help = await candidate.get(`${question}/help`, QuestionHelp);
  expect(help).toMatchObject({ tries: 2, solution: { script: await solution(LAB, 'weather-desk') } });

  await candidate.send('POST', `/sessions/${id}/submit`);
  await waitForGrade(candidate, id);
  const result = await candidate.result(id);
  expect(result).toMatchObject({ mode: 'practice', solutionsMissing: null });
  expect(result.questions.map(({ earned }) => earned > 0)).toEqual([true, false, false, false, false]);
  const objects = await candidate.send('GET', (result.questions[0]?.objects ?? '').replace('/api/v1', ''));
  expect(objects.body).toMatchObject({ namespace: 'tundra', objects: expect.stringContaining('name: weather-desk') as string });
  await waitForTeardown(candidate, id);
});
