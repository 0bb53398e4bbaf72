import { useQuery } from '@tanstack/react-query';
import type { Shape } from '../api/client.ts';
import { statsQuery } from '../api/queries.ts';
import { Skeleton } from '../components/loading.tsx';
import { formatDay, formatMinutes } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { labsTexts } from '../pages/labs-texts.ts';
import { dashboardTexts } from './texts.ts';

/** Scores of the last graded exams, as a line; best and average of each category. */
export function Trend() {
  const texts = useTexts(dashboardTexts).trend;
  const { data: stats } = useQuery(statsQuery);
  return (
    <section className="card stack" aria-labelledby="trend">
      <h2 id="trend">{texts.title}</h2>
      {stats === undefined ? (
        <Skeleton height="15rem" />
      ) : stats.graded === 0 ? (
        <p className="muted">{texts.nothing}</p>
      ) : (
        <Scores stats={stats} />
      )}
    </section>
  );
}

function Scores({ stats }: { readonly stats: Shape<'UserStats'> }) {
  const texts = useTexts(dashboardTexts).trend;
  const { categories } = useTexts(labsTexts);
  const { points, change } = stats.trend;
  return (
    <>
      <dl className="facts">
        <Fact name={texts.figures.graded} value={String(stats.graded)} />
        <Fact name={texts.figures.passed} value={String(stats.passed)} />
        <Fact name={texts.figures.time} value={formatMinutes(Math.round(stats.totalSeconds / 60))} />
      </dl>
      {points.length > 1 && (
        <figure className="trend">
          <Line points={points} />
          {change !== null && (
            <figcaption className="muted small">
              {change > 0 ? texts.better(change) : change < 0 ? texts.worse(-change) : texts.same}
            </figcaption>
          )}
        </figure>
      )}
      <ul className="categories">
        {stats.categories.map(({ category, graded, bestPercent, averagePercent }) => (
          <li key={category}>
            <span className="tag accent">{categories[category]}</span>
            <span className="muted small">{texts.of(graded)}</span>
            <span>
              <span className="figure">{bestPercent} %</span> <span className="muted small">{texts.best}</span>
            </span>
            <span>
              <span className="figure">{averagePercent} %</span> <span className="muted small">{texts.average}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}

/** Drawn in percent of its place, so that it needs no measuring; dots are elements of their own and stay round. */
function Line({ points }: { readonly points: Shape<'UserStats'>['trend']['points'] }) {
  const texts = useTexts(dashboardTexts).trend;
  const placed = points.map((point, index) => ({ ...point, x: (100 * index) / (points.length - 1) }));
  const [first, last] = [points.at(0), points.at(-1)];
  return (
    <>
      <div className="plot" role="img" aria-label={texts.picture(points.map(({ percent }) => percent))}>
        {[0, 50, 100].map((percent) => (
          <span key={percent} className="level" style={{ bottom: `${percent}%` }}>
            {percent}
          </span>
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          <polyline points={placed.map(({ x, percent }) => `${x},${100 - percent}`).join(' ')} vectorEffect="non-scaling-stroke" />
        </svg>
        {placed.map(({ attemptId, x, percent }) => (
          <span key={attemptId} className="dot" style={{ left: `${x}%`, bottom: `${percent}%` }} />
        ))}
      </div>
      <p className="ends muted small" aria-hidden="true">
        <span>{first !== undefined && formatDay(first.endedAt)}</span>
        <span>{last !== undefined && formatDay(last.endedAt)}</span>
      </p>
    </>
  );
}
