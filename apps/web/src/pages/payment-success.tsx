import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { checkoutQuery } from '../api/queries.ts';
import { LoadingPage } from '../components/loading.tsx';
import { Failed, NotFound } from '../components/messages.tsx';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { pricingTexts } from './pricing-texts.ts';

const LOOK_MS = 2_000;

/** Where a checkout leads back to: shows what the server knows of it, whatever the address says. */
export function PaymentSuccess() {
  const texts = useTexts(pricingTexts);
  const [search] = useSearchParams();
  const id = search.get('session_id');
  const { data, error, refetch } = useQuery({
    ...checkoutQuery(id ?? ''),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.status === 'open' ? LOOK_MS : false),
  });
  if (id === null) return <NotFound />;
  if (error !== null && data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingPage />;
  const [title, text] = texts.statuses[data.status];
  const kind = data.status === 'paid' ? 'good' : data.status === 'open' ? 'info' : 'bad';
  return (
    <Page title={texts.success}>
      <div className="narrow stack">
        <PageHead title={texts.success} />
        <Notice kind={kind} title={title}>
          <p>{text}</p>
        </Notice>
        <div className="actions">
          {data.status === 'paid' ? (
            <Link className="button primary" to="/labs?type=full">
              {texts.toFull}
            </Link>
          ) : (
            <Link className="button" to="/pricing">
              {texts.again}
            </Link>
          )}
        </div>
      </div>
    </Page>
  );
}
