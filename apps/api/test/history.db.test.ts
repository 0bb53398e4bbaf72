import { HistoryEntry, HistoryPage, UserStats, UserView, type UserId } from '@ckx/contracts';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sit } from './attempt-records.ts';
import { startApi, type TestApi } from './harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function candidate(): Promise<{ client: ApiClient; id: UserId }> {
  const client = await api.candidate();
  return { client, id: (await client.get('/users/me', UserView)).id };
}

describe('history', () => {
  test('has the newest first, each with the score of its domains, and nobody else’s', async () => {
    const { client, id } = await candidate();
    const other = await candidate();
    const older = await sit(api, id, 2, { verdicts: ['passed', 'failed', 'passed'], minutes: 25 });
    const newer = await sit(api, id, 1, { verdicts: ['errored', 'passed', 'failed'] });
    const voided = await sit(api, id, 0);
    await sit(api, id, 0, { verdicts: ['passed', 'passed', 'passed'], session: { rehearsal: true } });
    await sit(api, other.id, 0, { verdicts: ['passed', 'passed', 'passed'] });
    const { attempts, next } = await client.get('/users/me/history', HistoryPage);
    expect(next).toBeNull();
    expect(attempts.map(({ attemptId }) => attemptId)).toEqual([voided.attemptId, newer.attemptId, older.attemptId]);
    const [nothing, provisional, whole] = attempts;
    expect(whole).toMatchObject({
      examSessionId: older.examSessionId,
      labTitle: 'A lab',
      category: 'CKAD',
      type: 'mock',
      state: 'graded',
      outcome: 'submitted',
      earned: 4,
      possible: 6,
      percent: 67,
      passed: true,
      durationSeconds: 1500,
      domains: [
        { domain: 'Workloads', earned: 2, possible: 4, percent: 50 },
        { domain: 'Networking', earned: 2, possible: 2, percent: 100 },
      ],
    });
    // What could not be decided counts for nothing, as in the score.
    expect(provisional).toMatchObject({
      provisional: true,
      percent: 50,
      domains: [
        { domain: 'Workloads', earned: 2, possible: 2, percent: 100 },
        { domain: 'Networking', earned: 0, possible: 2, percent: 0 },
      ],
    });
    expect(nothing).toMatchObject({ state: 'void', percent: null, passed: null, domains: [] });
  });

  test('is read page by page, also where attempts began at the same moment', async () => {
    const { client, id } = await candidate();
    for (const day of [1, 1, 1, 2, 3]) await sit(api, id, day);
    const seen: string[] = [];
    let before = '';
    do {
      const { attempts, next } = await client.get(`/users/me/history?limit=2${before}`, HistoryPage);
      expect(attempts.length).toBeLessThanOrEqual(2);
      seen.push(...attempts.map(({ attemptId }) => attemptId));
      before = next === null ? '' : `&before=${next}`;
    } while (before !== '');
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  test('an attempt of somebody else has nothing before it', async () => {
    const [mine, other] = [await candidate(), await candidate()];
    await sit(api, mine.id, 5);
    const theirs = await sit(api, other.id, 1);
    expect((await mine.client.get(`/users/me/history?before=${theirs.attemptId}`, HistoryPage)).attempts).toEqual([]);
    expect((await mine.client.get(`/users/me/history?before=${randomUUID()}`, HistoryPage)).attempts).toEqual([]);
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'before=1', "before='%20OR%201=1"])('%s is refused', async (query) => {
    const { client } = await candidate();
    expectProblem(await client.send('GET', `/users/me/history?${query}`), 400, 'VALIDATION_FAILED');
  });

  test('goes out as JSON and as a table that no spreadsheet computes', async () => {
    const { client, id } = await candidate();
    await sit(api, id, 2, { verdicts: ['passed', 'failed', 'passed'], session: { labTitle: '=HYPERLINK("http://evil.example";"a, b")' } });
    await sit(api, id, 1);
    const entries = await client.get('/users/me/history.json', z.array(HistoryEntry));
    expect(entries).toEqual((await client.get('/users/me/history', HistoryPage)).attempts);
    const { body, headers } = await client.send('GET', '/users/me/history.csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="ckx-history.csv"');
    const lines = String(body).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^attempt,session,lab,title,category/);
    expect(lines[2]).toContain(`,"'=HYPERLINK(""http://evil.example"";""a, b"")",CKAD,mock,graded,submitted,4,6,67,false,true,`);
    expect(lines[2]).toMatch(/,1200,Workloads: 50%; Networking: 100%,exam$/);
  });
});

describe('statistics', () => {
  test('say best and average by category, the weakest domains, and the trend', async () => {
    const { client, id } = await candidate();
    await sit(api, id, 4, { verdicts: ['failed', 'failed', 'failed'] });
    await sit(api, id, 3, { verdicts: ['passed', 'failed', 'failed'] });
    await sit(api, id, 2, { verdicts: ['passed', 'passed', 'failed'] });
    await sit(api, id, 1, { verdicts: ['passed', 'passed', 'passed'], lab: { category: 'CKA' } });
    await sit(api, id, 0);
    await sit(api, id, 0, { verdicts: ['passed', 'passed', 'passed'], session: { rehearsal: true } });
    const stats = await client.get('/users/me/stats', UserStats);
    const scored = (domain: string, earned: number, possible: number) => ({ domain, earned, possible, percent: (100 * earned) / possible });
    expect(stats).toMatchObject({ attempts: 4, graded: 4, passed: 2, totalSeconds: 4 * 1200 });
    expect(stats.categories).toEqual([
      {
        category: 'CKA',
        graded: 1,
        passed: 1,
        bestPercent: 100,
        averagePercent: 100,
        domains: [scored('Workloads', 4, 4), scored('Networking', 2, 2)],
      },
      {
        category: 'CKAD',
        graded: 3,
        passed: 1,
        bestPercent: 67,
        averagePercent: 33,
        domains: [scored('Networking', 0, 6), scored('Workloads', 6, 12)],
      },
    ]);
    expect(stats.weakestDomains).toEqual([
      { category: 'CKAD', domain: 'Networking', earned: 0, possible: 6, percent: 0 },
      { category: 'CKAD', domain: 'Workloads', earned: 6, possible: 12, percent: 50 },
    ]);
    expect(stats.trend.points.map(({ percent }) => percent)).toEqual([0, 33, 67, 100]);
    // (67 + 100) / 2 - (0 + 33) / 2
    expect(stats.trend.change).toBe(67);
  });

  test('of nobody’s attempts are empty, and of one there is no trend', async () => {
    const { client, id } = await candidate();
    expect(await client.get('/users/me/stats', UserStats)).toEqual({
      attempts: 0,
      graded: 0,
      passed: 0,
      totalSeconds: 0,
      categories: [],
      weakestDomains: [],
      trend: { points: [], change: null },
    });
    await sit(api, id, 1, { verdicts: ['errored', 'errored', 'errored'] });
    expect(await client.get('/users/me/stats', UserStats)).toMatchObject({
      graded: 1,
      passed: 0,
      weakestDomains: [],
      trend: { change: null },
    });
  });
});

test.each(['history', 'history.json', 'history.csv', 'stats', 'export'])('%s needs an account', async (path) => {
  expectProblem(await new ApiClient(api.url).send('GET', `/users/me/${path}`), 401, 'UNAUTHENTICATED');
});
