import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { answer, api, type Shape } from '../api/client.ts';
import { Field } from '../components/field.tsx';
import { ArrowLeft } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { AdminPage } from './admin-page.tsx';
import { AuditList } from './audit-list.tsx';
import { DeedButton } from './deed.tsx';
import { PaymentList } from './payment-list.tsx';
import { userQuery } from './queries.ts';
import { adminTexts } from './texts.ts';
import { UserPasses } from './user-passes.tsx';
import '../pages/lab.css';

export function User() {
  const { users: texts } = useTexts(adminTexts);
  const { userId = '' } = useParams();
  const { data: user, error, refetch } = useQuery(userQuery(userId));
  if (error !== null && user === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (user === undefined) return <LoadingPage />;
  return (
    <AdminPage title={user.email} text={user.name}>
      <Link className="back" to="/admin/users">
        <ArrowLeft size={16} />
        {texts.back}
      </Link>
      <div className="stack wide">
        <Account user={user} />
        <UserPasses userId={userId} />
        <div>
          <h2>{texts.payments}</h2>
          <PaymentList label={texts.payments} filter={{ userId }} />
        </div>
        <div>
          <h2>{texts.audit}</h2>
          <AuditList label={texts.audit} filter={{ kind: 'user', targetId: userId }} />
        </div>
      </div>
    </AdminPage>
  );
}

function Account({ user }: { readonly user: Shape<'AdminUserView'> }) {
  const { users: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const { role, disabled, extraTimePercent, createdAt } = user;
  const params = { path: { userId: user.id } };
  const changed = async (change: Promise<unknown>) => {
    await change;
    await client.invalidateQueries({ queryKey: ['admin'] });
  };
  const otherRole = role === 'admin' ? 'candidate' : 'admin';
  const roleTitle = role === 'admin' ? texts.makeCandidate : texts.makeAdmin;
  return (
    <section className="card stack" aria-label={user.email}>
      <p className="tags">
        <span className={role === 'admin' ? 'tag accent' : 'tag'}>{texts.roles[role]}</span>
        {disabled && <span className="tag bad">{texts.disabled}</span>}
        {extraTimePercent > 0 && <span className="tag">{texts.extraTimeOf(extraTimePercent)}</span>}
        <span className="muted small">{formatMoment(createdAt)}</span>
      </p>
      <div className="actions">
        <DeedButton
          key={role}
          button={roleTitle}
          title={roleTitle}
          onDo={(value) =>
            changed(answer(api.PUT('/api/v1/admin/users/{userId}/role', { params, body: { role: otherRole, reason: value('reason') } })))
          }
        />
        <DeedButton
          button={texts.setExtraTime}
          title={texts.extraTime}
          label={texts.setExtraTime}
          onDo={(value) => {
            const body = { percent: Number(value('percent')), reason: value('reason') };
            return changed(answer(api.PUT('/api/v1/admin/users/{userId}/extra-time', { params, body })));
          }}
        >
          <Field label={texts.percent} name="percent" type="number" min={0} max={200} defaultValue={extraTimePercent} required />
        </DeedButton>
        <DeedButton
          key={String(disabled)}
          danger={!disabled}
          button={disabled ? texts.enable : texts.disable}
          title={disabled ? texts.enable : texts.disable}
          {...(disabled ? {} : { text: texts.disableText })}
          onDo={(value) => {
            const body = { disabled: !disabled, reason: value('reason') };
            return changed(answer(api.PUT('/api/v1/admin/users/{userId}/disabled', { params, body })));
          }}
        />
      </div>
    </section>
  );
}
