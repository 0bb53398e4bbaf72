import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearchParams } from 'react-router';
import { answer, api, type Shape } from '../api/client.ts';
import { accessQuery, passesQuery, plansQuery } from '../api/queries.ts';
import { loginPath } from '../auth/redirect.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useExplain } from '../components/explain.ts';
import { Check } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { pricingTexts } from './pricing-texts.ts';
import './pricing.css';

type Plan = Shape<'PlansView'>['plans'][number];

export function Pricing() {
  const texts = useTexts(pricingTexts);
  const [search] = useSearchParams();
  const { data, error, refetch } = useQuery(plansQuery);
  const checkout = useMutation({
    mutationFn: (passTypeId: Shape<'CheckoutBody'>['passTypeId']) => answer(api.POST('/api/v1/billing/checkout', { body: { passTypeId } })),
    onSuccess: ({ url }) => location.assign(url),
  });
  const explain = useExplain();
  if (error !== null && data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingPage />;
  const hint = { stripe: null, test: texts.test, sandbox: texts.sandbox, none: texts.none }[data.payments];
  return (
    <Page title={texts.title}>
      <PageHead title={texts.title}>{texts.text}</PageHead>
      <div className="stack pricing">
        {search.has('lab') && <Reason />}
        <Yours />
        {checkout.error !== null && (
          <Notice kind="bad" title={texts.refused}>
            <p>{explain(checkout.error)}</p>
          </Notice>
        )}
        <ul className="plans">
          {data.plans.map((plan) => (
            <PlanCard
              key={plan.id}
              plan={plan}
              sold={data.payments !== 'none'}
              busy={checkout.isPending || checkout.isSuccess}
              onBuy={checkout.mutate}
            />
          ))}
        </ul>
        <p className="muted">{texts.starts}</p>
        {hint !== null && <Notice title={hint} />}
      </div>
    </Page>
  );
}

/** Why somebody was led here: a lab asks for a pass, and theirs may just have ended. */
function Reason() {
  const texts = useTexts(pricingTexts);
  const member = useStanding().kind === 'member';
  const { data: passes } = useQuery({ ...passesQuery, enabled: member });
  const ended = passes?.findLast(({ status, expiresAt }) => status === 'expired' && expiresAt !== null)?.expiresAt ?? null;
  return (
    <Notice kind="warn" title={texts.reason}>
      {ended !== null && <p>{texts.ended(formatMoment(ended))}</p>}
      <p>{texts.reasonText}</p>
    </Notice>
  );
}

/** What the account has already. */
function Yours() {
  const texts = useTexts(pricingTexts);
  const member = useStanding().kind === 'member';
  const { data } = useQuery({ ...accessQuery, enabled: member });
  if (!member || data === undefined || (!data.valid && data.waiting.length === 0)) return null;
  return (
    <Notice kind="good" title={texts.yours}>
      {data.accessUntil !== null && <p>{texts.open(formatMoment(data.accessUntil))}</p>}
      {data.waiting.length > 0 && <p>{texts.waiting(data.waiting.length)}</p>}
    </Notice>
  );
}

interface PlanCardProps {
  readonly plan: Plan;
  readonly sold: boolean;
  readonly busy: boolean;
  readonly onBuy: (passTypeId: Shape<'CheckoutBody'>['passTypeId']) => void;
}

function PlanCard({ plan, sold, busy, onBuy }: PlanCardProps) {
  const texts = useTexts(pricingTexts);
  return (
    <li className="card plan">
      <h2>{plan.name}</h2>
      <p className="price">
        <span className="figure">{plan.priceCents === 0 ? texts.free : texts.price(plan.priceCents, plan.currency)}</span>
        <span className="muted">{plan.durationHours === null ? texts.noEnd : texts.hours(plan.durationHours)}</span>
      </p>
      <p className="muted">{plan.description}</p>
      <ul className="checks">
        {plan.features.map((feature) => (
          <li key={feature}>
            <Check size={18} />
            {feature}
          </li>
        ))}
      </ul>
      <Step plan={plan} sold={sold} busy={busy} onBuy={onBuy} />
    </li>
  );
}

function Step({ plan, sold, busy, onBuy }: PlanCardProps) {
  const texts = useTexts(pricingTexts);
  const location = useLocation();
  const member = useStanding().kind === 'member';
  const { id } = plan;
  if (id === 'free_trial') {
    return (
      <Link className="button" to="/labs?type=mock">
        {texts.toLabs}
      </Link>
    );
  }
  if (!sold) return null;
  if (!member) {
    return (
      <Link className="button primary" to={loginPath(location)}>
        {texts.signIn}
      </Link>
    );
  }
  return (
    <button type="button" className="button primary" aria-disabled={busy} onClick={() => !busy && onBuy(id)}>
      {busy ? texts.buying : texts.buy(plan.name)}
    </button>
  );
}
