import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answer, api } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import { useFieldFaults } from './field-faults.ts';

export function ForgotPassword() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const { mutate, error, isPending, isSuccess, variables } = useMutation({
    mutationFn: (email: string) => answer(api.POST('/api/v1/auth/forgot-password', { body: { email } })),
  });
  const faults = useFieldFaults(error);
  return (
    <Page title={texts.forgot.title}>
      <div className="narrow">
        <PageHead title={texts.forgot.title}>{texts.forgot.text}</PageHead>
        {isSuccess ? (
          <Notice kind="good" title={texts.forgot.sent}>
            <p>{texts.forgot.sentText(variables)}</p>
          </Notice>
        ) : (
          <form className="stack card" noValidate onSubmit={(event) => mutate(formValues(event)('email').trim())}>
            {error !== null && !hasCode(error, 'VALIDATION_FAILED') && <Notice kind="bad" title={explain(error)} />}
            <Field label={texts.email} name="email" type="email" autoComplete="username" required spellCheck={false} fault={faults.email} />
            <Submit label={texts.forgot.submit} busyLabel={texts.busy} busy={isPending} />
          </form>
        )}
        <p className="below">
          <Link to="/login">{texts.forgot.back}</Link>
        </p>
      </div>
    </Page>
  );
}
