import { useQuery } from '@tanstack/react-query';
import { statsQuery } from '../api/queries.ts';
import { Skeleton } from '../components/loading.tsx';
import { useTexts } from '../i18n/texts.ts';
import { labsTexts } from '../pages/labs-texts.ts';
import { dashboardTexts } from './texts.ts';

export function Weakest() {
  const texts = useTexts(dashboardTexts).weakest;
  const { categories } = useTexts(labsTexts);
  const { data: stats } = useQuery(statsQuery);
  return (
    <section className="card stack" aria-labelledby="weakest">
      <h2 id="weakest">{texts.title}</h2>
      {stats === undefined ? (
        <Skeleton height="8rem" />
      ) : stats.weakestDomains.length === 0 ? (
        <p className="muted">{texts.nothing}</p>
      ) : (
        <>
          <p className="muted small">{texts.text}</p>
          <ul className="weakest">
            {stats.weakestDomains.map(({ category, domain, percent, earned, possible }) => (
              <li key={`${category} ${domain}`}>
                <span className="name">{domain}</span>
                <span className="figure">{percent === null ? '–' : `${percent} %`}</span>
                <span className="bar" aria-hidden="true">
                  <span className="fill" style={{ width: `${percent ?? 0}%` }} />
                </span>
                <span className="muted small">
                  {categories[category]}, {texts.points(earned, possible)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
