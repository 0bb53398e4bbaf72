import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import { useFieldFaults } from './field-faults.ts';

/** Asks for another address; it is the account's once the link of the mail was opened. */
export function ChangeEmail({ email }: { readonly email: string }) {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const { mutate, error, isPending, isSuccess, variables } = useMutation({
    mutationFn: (value: { newEmail: string; password: string }) => answer(api.POST('/api/v1/auth/change-email', { body: value })),
  });
  const faults = useFieldFaults(error);
  return (
    <section aria-labelledby="email">
      <h2 id="email">{texts.profile.email}</h2>
      {isSuccess ? (
        <Notice kind="good" title={texts.profile.emailSent}>
          <p>{texts.profile.emailSentText(variables.newEmail)}</p>
        </Notice>
      ) : (
        <form
          className="stack card"
          noValidate
          onSubmit={(event) => {
            const value = formValues(event);
            mutate({ newEmail: value('newEmail').trim(), password: value('password') });
          }}
        >
          {error !== null && faults.newEmail === undefined && <Notice kind="bad" title={explain(error)} />}
          <p>{texts.profile.emailNow(email)}</p>
          <Field
            label={texts.profile.newEmail}
            name="newEmail"
            type="email"
            autoComplete="email"
            spellCheck={false}
            hint={texts.profile.emailText}
            fault={faults.newEmail}
          />
          <Field label={texts.currentPassword} name="password" type="password" autoComplete="current-password" />
          <div className="actions">
            <Submit label={texts.profile.changeEmail} busyLabel={texts.busy} busy={isPending} wide={false} />
          </div>
        </form>
      )}
    </section>
  );
}
