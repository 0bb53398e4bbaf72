import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answer, api } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { tokens } from '../auth/browser.ts';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import { useFieldFaults } from './field-faults.ts';
import { useMailToken } from './mail-token.ts';

export function ResetPassword() {
  const texts = useTexts(accountTexts);
  const token = useMailToken();
  return (
    <Page title={texts.reset.title}>
      <div className="narrow">
        <PageHead title={texts.reset.title}>{texts.reset.text}</PageHead>
        {token === null ? (
          <Notice kind="warn" title={texts.reset.missing}>
            <p>{texts.reset.missingText}</p>
          </Notice>
        ) : (
          <ResetForm token={token} />
        )}
        <p className="below">
          <Link to="/forgot-password">{texts.reset.another}</Link>
        </p>
      </div>
    </Page>
  );
}

function ResetForm({ token }: { readonly token: string }) {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: async (newPassword: string) => {
      await answer(api.POST('/api/v1/auth/reset-password', { body: { token, newPassword } }));
      // Every device is signed out now; this one should know.
      tokens.leave();
    },
  });
  const faults = useFieldFaults(error);
  if (isSuccess) {
    return (
      <Notice kind="good" title={texts.reset.done}>
        <p>
          <Link to="/login">{texts.reset.doneText}</Link>
        </p>
      </Notice>
    );
  }
  return (
    <form className="stack card" noValidate onSubmit={(event) => mutate(formValues(event)('newPassword'))}>
      {error !== null && !hasCode(error, 'VALIDATION_FAILED') && <Notice kind="bad" title={explain(error)} />}
      <Field
        label={texts.newPassword}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        required
        maxLength={128}
        hint={texts.passwordHint}
        fault={faults.newPassword}
      />
      <Submit label={texts.reset.submit} busyLabel={texts.busy} busy={isPending} />
    </form>
  );
}
