import { useQuery } from '@tanstack/react-query';
import { useTexts } from '../i18n/texts.ts';
import { poolQuery } from './queries.ts';
import { adminTexts } from './texts.ts';

/** What hosts keep ready for sessions to come. */
export function Pool() {
  const { installation: texts } = useTexts(adminTexts);
  const { data: pool } = useQuery(poolQuery);
  if (pool === undefined) return null;
  const shown = pool.hosts.filter(({ wanted, ready, filling, leaving }) => wanted + ready + filling + leaving > 0);
  return (
    <section aria-labelledby="pool">
      <h2 id="pool">{texts.pool}</h2>
      <p className="muted small">{texts.poolText}</p>
      {shown.length === 0 ? (
        <p className="card muted">{texts.noPool}</p>
      ) : (
        <ul className="ports card">
          {shown.map(({ hostId, wanted, ready, filling, leaving, lastDay }) => (
            <li key={hostId}>
              <span id={`pool-${hostId}`} className="figure">
                {hostId}
              </span>
              <progress value={Math.min(ready, wanted)} max={Math.max(1, wanted)} aria-labelledby={`pool-${hostId}`} />
              <span className="muted small">
                {texts.ready(ready, wanted)}
                {filling > 0 && texts.filling(filling)}
                {leaving > 0 && texts.leaving(leaving)}
                <br />
                {texts.lastDay(lastDay.taken, lastDay.neverReady)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
