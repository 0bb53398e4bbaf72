import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { labsQuery, plansQuery } from '../api/queries.ts';
import { useStanding } from '../auth/use-standing.ts';
import { ArrowRight, Clock, Cube, Evidence } from '../components/icons.tsx';
import { Skeleton } from '../components/loading.tsx';
import { Page } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { LabCard } from './lab-card.tsx';
import { landingTexts } from './landing-texts.ts';
import { pricingTexts } from './pricing-texts.ts';
import './landing.css';
import { Miniature } from './miniature.tsx';

const SYMBOLS = [Cube, Clock, Evidence];

export function Landing() {
  const texts = useTexts(landingTexts);
  return (
    <Page title="CKX" className="landing">
      <section className="hero inner">
        <div className="stack">
          <h1>{texts.title}</h1>
          <p className="lead">{texts.lead}</p>
          <NextStep />
          <p className="muted small">{texts.note}</p>
        </div>
        <Miniature label={texts.picture} />
      </section>
      <section className="band" aria-labelledby="how">
        <div className="inner">
          <h2 id="how">{texts.howTitle}</h2>
          <ul className="how">
            {texts.how.map(([title, text], index) => {
              const Symbol = SYMBOLS[index] ?? Cube;
              return (
                <li key={title}>
                  <Symbol size={28} />
                  <h3>{title}</h3>
                  <p className="muted">{text}</p>
                </li>
              );
            })}
          </ul>
        </div>
      </section>
      <FreeLabs />
      <Prices />
      <section className="inner closing">
        <h2>{texts.endTitle}</h2>
        <p className="lead">{texts.endText}</p>
        <NextStep />
      </section>
    </Page>
  );
}

/** The one thing to do next. */
function NextStep() {
  const texts = useTexts(landingTexts);
  const member = useStanding().kind === 'member';
  return (
    <div className="actions">
      <Link className="button primary large" to={member ? '/dashboard' : '/labs?type=mock'}>
        {member ? texts.goOn : texts.start}
        <ArrowRight />
      </Link>
    </div>
  );
}

/** What is on offer; where it cannot be read the page is whole without it. */
function FreeLabs() {
  const texts = useTexts(landingTexts);
  const { data: labs, isPending } = useQuery(labsQuery);
  const free = (labs ?? []).filter(({ type }) => type === 'mock').slice(0, 3);
  if (!isPending && free.length === 0) return null;
  return (
    <section className="inner offers" aria-labelledby="labs">
      <div className="offers-head">
        <div>
          <h2 id="labs">{texts.labsTitle}</h2>
          <p className="muted">{texts.labsText}</p>
        </div>
        <Link to="/labs">{texts.all}</Link>
      </div>
      {isPending ? (
        <Skeleton height="13rem" />
      ) : (
        <ul className="lab-grid">
          {free.map((lab) => (
            <LabCard key={lab.id} lab={lab} level="h3" />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What it costs, in one line each; all of it is a page of its own. */
function Prices() {
  const texts = useTexts(landingTexts);
  const pricing = useTexts(pricingTexts);
  const { data } = useQuery(plansQuery);
  if (data === undefined) return null;
  return (
    <section className="inner offers" aria-labelledby="prices">
      <div className="offers-head">
        <div>
          <h2 id="prices">{pricing.title}</h2>
          <p className="muted">{pricing.text}</p>
        </div>
        <Link to="/pricing">{texts.allPrices}</Link>
      </div>
      <ul className="price-strip card">
        {data.plans.map(({ id, name, priceCents, currency, durationHours }) => (
          <li key={id}>
            <span>{name}</span>
            <span className="figure">{priceCents === 0 ? pricing.free : pricing.price(priceCents, currency)}</span>
            <span className="muted small">{durationHours === null ? pricing.noEnd : pricing.hours(durationHours)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
