import { useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { AdminPage } from './admin-page.tsx';
import { Choice } from './choice.tsx';
import { PaymentList } from './payment-list.tsx';
import type { PaymentFilter } from './queries.ts';
import { adminTexts } from './texts.ts';

export function Payments() {
  const all = useTexts(adminTexts);
  const texts = all.payments;
  const [status, setStatus] = useState<PaymentFilter['status']>();
  return (
    <AdminPage title={all.sections.payments} text={texts.text}>
      <search className="admin-filters">
        <Choice label={texts.status} names={texts.statuses} value={status} onChoose={setStatus} />
      </search>
      <PaymentList label={all.sections.payments} filter={{ status }} />
    </AdminPage>
  );
}
