import { AttemptResult, ExamSessionId, QuestionHelp, SessionStatus, SessionView, UserStats, HistoryPage, UserView } from '@ckx/contracts';
import { ExamSessionEntity, QuestionHelpEntity, QuestionMarkEntity } from '@ckx/persistence';
import { type ApiClient, expectProblem } from '@ckx/test-support/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sit } from './attempt-records.ts';
import { startApi, type TestApi } from './harness.ts';
import { writeLab } from './lab-folder.ts';
import { advance, end, rowOf } from './session-records.ts';

const LAB = 'written-mock';
const check = { c1: [2, 'exit 1'] } as const;
const question = (id: string, domain: string, hints: string[] = []) => ({ id, domain, hints, checks: check });

let api: TestApi;
beforeAll(async () => {
  const labs = await writeLab([
    question('a1', 'Alpha', ['Think.', 'Think of `a1`.']),
    question('a2', 'Alpha'),
    question('b1', 'Beta'),
    question('b2', 'Beta'),
    question('b3', 'Beta'),
    question('c1', 'Gamma'),
  ]);
  api = await startApi({ CKX_LABS: labs, MOCK_SESSIONS_PER_DAY: '3' });
});
afterAll(() => api.close());

async function practise(body: object = {}): Promise<{ client: ApiClient; id: ExamSessionId }> {
  const client = await api.candidate();
  const answer = await client.send('POST', '/sessions', { labId: LAB, mode: 'practice', ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return { client, id: SessionView.parse(answer.body).examSessionId };
}
const run = (id: ExamSessionId) => advance(api, id, 'initializing', 'ready', 'running');
const help = (client: ApiClient, id: ExamSessionId) => client.get(`/sessions/${id}/questions/1/help`, QuestionHelp);

describe('a practice session', () => {
  test('is shown as such, has a generous clock, and counts in the quota of mock labs', async () => {
    const { client, id } = await practise();
    const view = await client.get(`/sessions/${id}`, SessionView);
    expect(view).toMatchObject({ mode: 'practice', durationSeconds: 3_600, drill: null });
    expect(await client.get(`/sessions/${id}/status`, SessionStatus)).toMatchObject({ mode: 'practice' });
    for (const mode of ['exam', 'practice']) {
      await run((await client.get('/sessions', SessionView.array()))[0]?.examSessionId ?? id);
      await end(api, (await client.get('/sessions', SessionView.array()))[0]?.examSessionId ?? id, 'submitted');
      expect((await client.send('POST', '/sessions', { labId: LAB, mode })).status).toBe(202);
    }
    const newest = (await client.get('/sessions', SessionView.array()))[0]?.examSessionId ?? id;
    await run(newest);
    await end(api, newest, 'submitted');
    expectProblem(await client.send('POST', '/sessions', { labId: LAB, mode: 'practice' }), 429, 'QUOTA_REACHED');
  });

  test('gives hints one by one, which a reload shows again, until none are left', async () => {
    const { client, id } = await practise();
    const ask = () => client.send('POST', `/sessions/${id}/questions/1/hints`);
    expectProblem(await ask(), 409, 'SESSION_NOT_RUNNING');
    await run(id);
    expect(await help(client, id)).toEqual({
      position: 1,
      hints: [],
      hintsLeft: 2,
      tries: 0,
      lastCheck: null,
      solution: null,
      solutionWhen: expect.stringMatching(/^The solution is shown after/) as string,
    });
    expect(QuestionHelp.parse((await ask()).body)).toMatchObject({ hints: ['Think.'], hintsLeft: 1 });
    expect(QuestionHelp.parse((await ask()).body)).toMatchObject({ hints: ['Think.', 'Think of `a1`.'], hintsLeft: 0 });
    expect((await help(client, id)).hints).toHaveLength(2);
    expectProblem(await ask(), 409, 'NO_HINTS_LEFT');
    expectProblem(await client.send('POST', `/sessions/${id}/questions/2/hints`), 409, 'NO_HINTS_LEFT');
    expectProblem(await client.send('POST', `/sessions/${id}/questions/7/hints`), 404, 'POSITION_UNKNOWN');
    expectProblem(await client.send('GET', `/sessions/${id}/questions/7/help`), 404, 'POSITION_UNKNOWN');
  });

  test('shows the solution after an honest try, and not before', async () => {
    const { client, id } = await practise();
    await run(id);
    const lastCheck = { position: 1, checks: [], earned: 0, possible: 2, checkedAt: new Date().toISOString() };
    const { manager } = api.database;
    await manager.insert(QuestionHelpEntity, { examSessionId: id, position: 1, tries: 1, failedTries: 1, lastCheck });
    expect(await help(client, id)).toMatchObject({
      tries: 1,
      lastCheck,
      solution: null,
      solutionWhen: expect.stringMatching(/in \d+ s/) as string,
    });
    await manager.insert(QuestionMarkEntity, { examSessionId: id, position: 1, openedAt: new Date(Date.now() - 3 * 60_000) });
    expect((await help(client, id)).solution).toEqual({
      script: 'echo a1 > ~/a1\n',
      explanation: 'Because it is **a1**.',
      documentation: ['https://kubernetes.io/docs/home/'],
    });
  });

  test('helps nobody else, and says plainly where nobody runs it', async () => {
    const { client, id } = await practise();
    await run(id);
    expectProblem(await (await api.candidate()).send('GET', `/sessions/${id}/questions/1/help`), 403, 'ACCESS_DENIED');
    expectProblem(await (await api.admin()).send('POST', `/sessions/${id}/questions/1/check`), 403, 'OWNER_ONLY');
    expectProblem(await client.send('POST', `/sessions/${id}/questions/1/check`), 503, 'ENGINE_UNAVAILABLE');
    await end(api, id, 'submitted');
    expectProblem(await client.send('POST', `/sessions/${id}/questions/1/check`), 409, 'SESSION_NOT_RUNNING');
    expect((await help(client, id)).hintsLeft).toBe(2);
  });
});

test('an exam gives no help at all', async () => {
  const client = await api.candidate();
  const id = await client.startSession(LAB);
  await run(id);
  for (const [method, what] of [
    ['POST', 'check'],
    ['POST', 'hints'],
    ['GET', 'help'],
  ] as const) {
    expectProblem(await client.send(method, `/sessions/${id}/questions/1/${what}`), 409, 'PRACTICE_ONLY');
  }
});

describe('a drill', () => {
  const domainsOf = async (id: ExamSessionId) => (await rowOf(api, id)).lab.questions.map(({ domain }) => domain);

  test('is drawn from the chosen domains, and the same again from its seed', async () => {
    const { client, id } = await practise({ drill: { domains: ['Gamma', 'Beta'], questions: 2 } });
    const { lab } = await rowOf(api, id);
    expect(lab.questions).toHaveLength(2);
    expect(await domainsOf(id)).not.toContain('Alpha');
    expect(lab.draw).toEqual({ seed: id, of: 4, domains: ['Beta', 'Gamma'] });
    expect((await client.get(`/sessions/${id}`, SessionView)).drill).toEqual({ domains: ['Beta', 'Gamma'] });
  });

  test('of the weakest domains begins with the weakest of the candidate’s graded exams', async () => {
    const client = await api.candidate();
    const { id: userId } = await client.get('/users/me', UserView);
    const drill = { labId: LAB, mode: 'practice', drill: { weakest: true, questions: 3 } };
    expectProblem(await client.send('POST', '/sessions', drill), 422, 'DRILL_WITHOUT_RESULTS');
    const pinned = (...domains: [string, string]) => ({
      questions: [
        { id: 'q1', title: 'q1', domain: domains[0], hasSetup: false, checkIds: [] },
        { id: 'q2', title: 'q2', domain: domains[1], hasSetup: false, checkIds: [] },
      ] as never,
    });
    await sit(api, userId, 2, { lab: pinned('Alpha', 'Beta'), verdicts: ['passed', 'failed', 'failed'] });
    // Practice says nothing about what one is weak in.
    await sit(api, userId, 1, { lab: pinned('Gamma', 'Beta'), session: { mode: 'practice' }, verdicts: ['failed', 'failed', 'passed'] });
    const answer = await client.send('POST', '/sessions', drill);
    const id = SessionView.parse(answer.body).examSessionId;
    expect(await domainsOf(id)).toEqual(['Beta', 'Beta', 'Beta']);
  });

  test.each([
    [{ domains: ['Delta'], questions: 1 }, 422, 'DRILL_DOMAIN_UNKNOWN'],
    [{ domains: ['Gamma'], questions: 2 }, 422, 'DRILL_TOO_LARGE'],
    [{ domains: ['Gamma'], weakest: true, questions: 1 }, 400, 'VALIDATION_FAILED'],
    [{ questions: 1 }, 400, 'VALIDATION_FAILED'],
    [{ domains: [], questions: 1 }, 400, 'VALIDATION_FAILED'],
    [{ domains: ['Gamma'], questions: 0 }, 400, 'VALIDATION_FAILED'],
  ])('%j is refused', async (drill, status, code) => {
    const client = await api.candidate();
    expectProblem(await client.send('POST', '/sessions', { labId: LAB, mode: 'practice', drill }), status, code);
    expect(await client.get('/sessions', SessionView.array())).toEqual([]);
  });

  test('is no exam', async () => {
    const body = { labId: LAB, drill: { domains: ['Gamma'], questions: 1 } };
    expectProblem(await (await api.candidate()).send('POST', '/sessions', body), 400, 'VALIDATION_FAILED');
  });
});

test('modes do not mix: practice is in the history as such, and in no statistics', async () => {
  const client = await api.candidate();
  const { id } = await client.get('/users/me', UserView);
  const exam = await sit(api, id, 2, { verdicts: ['passed', 'failed', 'failed'] });
  const practice = await sit(api, id, 1, { session: { mode: 'practice' }, verdicts: ['passed', 'passed', 'passed'] });
  const stats = await client.get('/users/me/stats', UserStats);
  expect(stats).toMatchObject({ attempts: 1, graded: 1, passed: 0, trend: { points: [{ attemptId: exam.attemptId }] } });
  expect(stats.categories[0]?.domains.map(({ domain, percent }) => [domain, percent])).toEqual([
    ['Networking', 0],
    ['Workloads', 50],
  ]);
  const modes = async (query = '') => (await client.get(`/users/me/history${query}`, HistoryPage)).attempts.map(({ mode }) => mode);
  expect(await modes()).toEqual(['practice', 'exam']);
  expect(await modes('?mode=exam')).toEqual(['exam']);
  expect(await client.get(`/sessions/${practice.examSessionId}/result`, AttemptResult)).toMatchObject({ mode: 'practice' });
});

describe('the result', () => {
  test('shows solutions once the session has ended, from the pack that it was sat with', async () => {
    const client = await api.candidate();
    const { id: userId } = await client.get('/users/me', UserView);
    const session = await client.startSession(LAB);
    const { lab, labDigest } = await rowOf(api, session);
    await run(session);
    await end(api, session, 'cancelled');
    const { examSessionId } = await sit(api, userId, 1, { lab, session: { labDigest }, verdicts: ['passed', 'passed', 'passed'] });
    const { manager } = api.database;
    const result = () => client.get(`/sessions/${examSessionId}/result`, AttemptResult);
    expect(await result()).toMatchObject({
      solutionsMissing: null,
      questions: [{ solution: { script: 'echo a1 > ~/a1\n' } }, {}, {}, {}, {}, {}],
    });
    await manager.update(ExamSessionEntity, examSessionId, { labDigest: `sha256:${'9'.repeat(64)}` as typeof labDigest });
    const gone = await result();
    expect(gone.solutionsMissing).toMatch(/nobody kept it/);
    expect(gone.questions.every(({ solution }) => solution === null)).toBe(true);
  });
});
