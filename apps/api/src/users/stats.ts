import { DomainScore, LabCategory, UserStats, type UserId } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';
import { DOMAINS } from './history.ts';

const WEAKEST = 5;
const POINTS = 20;

const MINE = `exam_attempts a JOIN exam_sessions s ON s.id = a.exam_session_id WHERE a.user_id = $1 AND s.mode = 'exam' AND NOT s.rehearsal AND a.state <> 'void'`;

const TOTALS = `
  SELECT count(*)::int AS attempts, (count(*) FILTER (WHERE a.state = 'graded'))::int AS graded, (count(*) FILTER (WHERE a.passed))::int AS passed,
         coalesce(round(sum(extract(epoch FROM s.ended_at - s.started_at))), 0)::int AS "totalSeconds"
    FROM ${MINE}`;

const CATEGORIES = `
  SELECT s.lab ->> 'category' AS category, count(*)::int AS graded, (count(*) FILTER (WHERE a.passed))::int AS passed,
         max(a.percent) AS "bestPercent", round(avg(a.percent))::int AS "averagePercent"
    FROM ${MINE} AND a.state = 'graded' GROUP BY 1 ORDER BY 1`;

const DOMAINS_OF_ALL = `
  SELECT s.lab ->> 'category' AS category, d.domain, sum(d.earned)::int AS earned, sum(d.possible)::int AS possible,
         round(100.0 * sum(d.earned) / sum(d.possible))::int AS percent
    FROM exam_attempts a JOIN exam_sessions s ON s.id = a.exam_session_id CROSS JOIN LATERAL (${DOMAINS}) d
   WHERE a.user_id = $1 AND s.mode = 'exam' AND NOT s.rehearsal AND a.state = 'graded'
   GROUP BY 1, 2 ORDER BY sum(d.earned)::float / sum(d.possible), sum(d.possible) DESC, 1, 2`;

const LAST = `
  SELECT a.id AS "attemptId", s.lab ->> 'category' AS category, s.ended_at AS "endedAt", a.percent
    FROM ${MINE} AND a.state = 'graded' AND s.ended_at IS NOT NULL ORDER BY s.ended_at DESC, a.id LIMIT ${POINTS}`;

const Totals = z.tuple([UserStats.pick({ attempts: true, graded: true, passed: true, totalSeconds: true })]);
const Point = UserStats.shape.trend.shape.points.element.extend({ endedAt: z.date().transform((date) => date.toISOString()) });

const Domains = z.array(DomainScore.extend({ category: LabCategory }));
const Categories = z.array(UserStats.shape.categories.element.omit({ domains: true }));

/** Over a candidate's graded exams, the weakest first: of what all checks of a domain were worth, how much was earned. */
export async function readDomains(dataSource: DataSource, userId: UserId): Promise<z.infer<typeof Domains>> {
  return Domains.parse(await dataSource.query(DOMAINS_OF_ALL, [userId]));
}

/** What a candidate's attempts come to. */
export async function readStats(dataSource: DataSource, userId: UserId): Promise<UserStats> {
  const ask = (sql: string): Promise<unknown> => dataSource.query(sql, [userId]);
  const [totals] = Totals.parse(await ask(TOTALS));
  const all = await readDomains(dataSource, userId);
  const categories = Categories.parse(await ask(CATEGORIES)).map((about) => {
    const own = all.filter(({ category }) => category === about.category);
    return { ...about, domains: own.map(({ category: _, ...score }) => score) };
  });
  const weakestDomains = all.filter(({ earned, possible }) => earned < possible).slice(0, WEAKEST);
  const points = z
    .array(Point)
    .parse(await ask(LAST))
    .toReversed();
  return { ...totals, categories, weakestDomains, trend: { points, change: changeOf(points.map(({ percent }) => percent)) } };
}

/** Mean of the later half less that of the earlier one, to one decimal; the middle of an odd number belongs to neither. */
function changeOf(percents: readonly number[]): number | null {
  const half = Math.floor(percents.length / 2);
  if (half === 0) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.round((mean(percents.slice(-half)) - mean(percents.slice(0, half))) * 10) / 10;
}
