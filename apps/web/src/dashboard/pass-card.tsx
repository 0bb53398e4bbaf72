import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { answer, api, type Shape } from '../api/client.ts';
import { accessQuery } from '../api/queries.ts';
import { useExplain } from '../components/explain.ts';
import { Skeleton } from '../components/loading.tsx';
import { Notice } from '../components/notice.tsx';
import { formatMoment, formatSpan } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { dashboardTexts } from './texts.ts';

/** The pass that runs, with its time; those that wait, to be started. */
export function PassCard() {
  const texts = useTexts(dashboardTexts).pass;
  const explain = useExplain();
  const { data, error } = useQuery(accessQuery);
  return (
    <section className="card stack" aria-labelledby="pass">
      <h2 id="pass">{texts.title}</h2>
      {error !== null && data === undefined && <p className="muted">{explain(error)}</p>}
      {data === undefined ? error === null && <Skeleton height="4rem" /> : <Standing access={data} />}
    </section>
  );
}

type Access = Shape<'AccessStatus'> & { readonly endsAt: number | null };

function Standing({ access }: { readonly access: Access }) {
  const texts = useTexts(dashboardTexts).pass;
  const { endsAt, accessUntil, upcoming, waiting } = access;
  return (
    <>
      {endsAt !== null && <Running endsAt={endsAt} />}
      {accessUntil !== null && <p className="muted">{texts.until(formatMoment(accessUntil))}</p>}
      {endsAt === null && waiting.length === 0 && (
        <>
          <p className="muted">{texts.none}</p>
          <p>
            <Link to="/pricing">{texts.prices}</Link>
          </p>
        </>
      )}
      {(upcoming.length > 0 || waiting.length > 0) && (
        <ul className="passes">
          {upcoming.map(({ id, name, startsAt }) => (
            <li key={id}>{texts.next(name, formatMoment(startsAt ?? ''))}</li>
          ))}
          {waiting.map((pass) => (
            <Waiting key={pass.id} pass={pass} after={accessUntil} />
          ))}
        </ul>
      )}
    </>
  );
}

/** @param endsAt of this page's monotonic clock. */
function Running({ endsAt }: { readonly endsAt: number }) {
  const texts = useTexts(dashboardTexts).pass;
  const client = useQueryClient();
  const [now, setNow] = useState(() => performance.now());
  const over = now >= endsAt;
  useEffect(() => {
    if (over) {
      // What follows the server says: another pass may begin now.
      void client.invalidateQueries({ queryKey: accessQuery.queryKey });
      return undefined;
    }
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [over, client]);
  if (over) return <p role="status">{texts.over}</p>;
  return (
    <p className="left">
      <span className="muted small">{texts.left}</span>
      <span className="figure" role="timer">
        {formatSpan(endsAt - now)}
      </span>
    </p>
  );
}

function Waiting({ pass, after }: { readonly pass: Shape<'PassView'>; readonly after: string | null }) {
  const texts = useTexts(dashboardTexts).pass;
  const explain = useExplain();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/access/activate/{id}', { params: { path: { id: pass.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: accessQuery.queryKey }),
  });
  return (
    <li className="stack">
      <span>
        <strong>{pass.name}</strong> <span className="muted">{texts.waits}</span>
      </span>
      {error !== null && (
        <Notice kind="bad" title={texts.failed}>
          <p>{explain(error)}</p>
        </Notice>
      )}
      {asking ? (
        <div role="group" aria-label={texts.activate} className="stack">
          <p>{after === null ? texts.activateThen(pass.name) : texts.activateAfter(pass.name, formatMoment(after))}</p>
          <div className="actions">
            <button type="button" className="button primary" autoFocus aria-disabled={isPending} onClick={() => !isPending && mutate()}>
              {texts.yes}
            </button>
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {texts.no}
            </button>
          </div>
        </div>
      ) : (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {texts.activate}
        </button>
      )}
    </li>
  );
}
