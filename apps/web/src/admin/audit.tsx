import { useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { AdminPage } from './admin-page.tsx';
import { AuditList } from './audit-list.tsx';
import { Choice } from './choice.tsx';
import type { AuditKind } from './queries.ts';
import { adminTexts } from './texts.ts';

export function Audit() {
  const all = useTexts(adminTexts);
  const texts = all.audit;
  const [kind, setKind] = useState<AuditKind>();
  return (
    <AdminPage title={all.sections.audit} text={texts.text}>
      <search className="admin-filters">
        <Choice label={texts.kind} names={texts.kinds} value={kind} onChoose={setKind} />
      </search>
      <AuditList label={all.sections.audit} filter={{ kind }} />
    </AdminPage>
  );
}
