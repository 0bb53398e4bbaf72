import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { answer, api, type Shape } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { changePassword } from '../auth/deeds.ts';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { Submit } from '../components/submit.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import './account.css';
import { ChangeEmail } from './change-email-form.tsx';
import { Data } from './account-data.tsx';
import { Devices } from './devices.tsx';
import { useFieldFaults } from './field-faults.ts';

export function Account() {
  const texts = useTexts(accountTexts);
  const { data: me, error, refetch } = useQuery(meQuery);
  if (error !== null && me === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (me === undefined) return <LoadingPage />;
  return (
    <Page title={texts.profile.title}>
      <PageHead title={texts.profile.title}>{texts.profile.since(formatMoment(me.createdAt))}</PageHead>
      <div className="settings">
        <Profile me={me} />
        <ChangeEmail email={me.email} />
        <Password email={me.email} />
        <Devices />
        <Data />
      </div>
    </Page>
  );
}

function Profile({ me }: { readonly me: Shape<'UserView'> }) {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const client = useQueryClient();
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: (name: string) => answer(api.PATCH('/api/v1/users/me', { body: { name } })),
    onSuccess: (changed) => client.setQueryData(meQuery.queryKey, changed),
  });
  const faults = useFieldFaults(error);
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">{texts.profile.profile}</h2>
      <form className="stack card" noValidate onSubmit={(event) => mutate(formValues(event)('name').trim())}>
        {error !== null && faults.name === undefined && <Notice kind="bad" title={explain(error)} />}
        <Field
          label={texts.name}
          name="name"
          defaultValue={me.name}
          autoComplete="name"
          maxLength={100}
          hint={texts.nameHint}
          fault={faults.name}
        />
        <div className="actions">
          <Submit label={texts.profile.save} busyLabel={texts.busy} busy={isPending} wide={false} />
          <span role="status">{isSuccess && texts.profile.saved}</span>
        </div>
      </form>
    </section>
  );
}

function Password({ email }: { readonly email: string }) {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const form = useRef<HTMLFormElement>(null);
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: (value: { current: string; next: string }) => changePassword(value.current, value.next),
    onSuccess: () => form.current?.reset(),
  });
  const faults = useFieldFaults(error);
  return (
    <section aria-labelledby="password">
      <h2 id="password">{texts.profile.password}</h2>
      <form
        ref={form}
        className="stack card"
        noValidate
        onSubmit={(event) => {
          const value = formValues(event);
          mutate({ current: value('currentPassword'), next: value('newPassword') });
        }}
      >
        {error !== null && faults.newPassword === undefined && <Notice kind="bad" title={explain(error)} />}
        {isSuccess && <Notice kind="good" title={texts.profile.changed} />}
        {/* For password managers, which want to know whose it is. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field label={texts.currentPassword} name="currentPassword" type="password" autoComplete="current-password" />
        <Field
          label={texts.newPassword}
          name="newPassword"
          type="password"
          autoComplete="new-password"
          maxLength={128}
          hint={texts.passwordHint}
          fault={faults.newPassword}
        />
        <div className="actions">
          <Submit label={texts.profile.change} busyLabel={texts.busy} busy={isPending} wide={false} />
          <span className="muted">{texts.profile.passwordText}</span>
        </div>
      </form>
    </section>
  );
}
