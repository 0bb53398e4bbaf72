import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useExplain } from '../components/explain.ts';
import { Skeleton } from '../components/loading.tsx';
import { Notice } from '../components/notice.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { pricingTexts } from '../pages/pricing-texts.ts';
import { More } from './more.tsx';
import { paymentsQuery, type PaymentFilter } from './queries.ts';
import { SandboxDeed } from './sandbox-deed.tsx';
import { Table } from './table.tsx';
import { adminTexts } from './texts.ts';

const KINDS = { open: 'accent', paid: 'good', failed: '', expired: '', refunded: 'warn', disputed: 'bad', refused: 'bad' };

export function PaymentList({ label, filter }: { readonly label: string; readonly filter: PaymentFilter }) {
  const all = useTexts(adminTexts);
  const { payments: texts, users } = all;
  const { price } = useTexts(pricingTexts);
  const explain = useExplain();
  const list = useInfiniteQuery(paymentsQuery(filter));
  if (list.error !== null && list.data === undefined) return <Notice kind="bad" title={explain(list.error)} />;
  const payments = list.data?.pages.flatMap((page) => page.payments);
  if (payments === undefined) return <Skeleton height="6rem" />;
  if (payments.length === 0) return <p className="card muted">{all.nothing}</p>;
  return (
    <div className="stack">
      <Table label={label} columns={Object.values(texts.columns)}>
        {payments.map((payment) => (
          <tr key={payment.paymentId}>
            <td>{formatMoment(payment.createdAt)}</td>
            <td>
              {payment.userId === null ? (
                <span className="muted">{texts.gone}</span>
              ) : (
                <Link to={`/admin/users/${payment.userId}`}>{payment.userEmail}</Link>
              )}
            </td>
            <td>
              {users.passTypes[payment.passTypeId]} {payment.sandbox && <span className="tag">{texts.sandbox}</span>}
            </td>
            <td className="figure">{price(payment.priceCents, payment.currency)}</td>
            <td>
              <span className={`tag ${KINDS[payment.status]}`}>{texts.statuses[payment.status]}</span>
              <span className="muted small">{payment.problem}</span>
              <SandboxDeed payment={payment} />
            </td>
          </tr>
        ))}
      </Table>
      <More list={list} />
    </div>
  );
}
