import { useMutation } from '@tanstack/react-query';
import { Link, Navigate, useSearchParams } from 'react-router';
import { signIn } from '../auth/deeds.ts';
import { safeNext } from '../auth/redirect.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';

export function Login() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const [search] = useSearchParams();
  const next = search.get('next');
  const member = useStanding().kind === 'member';
  const { mutate, error, isPending } = useMutation({
    mutationFn: (value: { email: string; password: string }) => signIn(value.email, value.password),
  });
  if (member) return <Navigate to={safeNext(next, location.origin)} replace />;
  return (
    <Page title={texts.login.title}>
      <div className="narrow">
        <PageHead title={texts.login.title}>{next === null ? undefined : texts.login.goOn}</PageHead>
        <form
          className="stack card"
          noValidate
          onSubmit={(event) => {
            const value = formValues(event);
            mutate({ email: value('email').trim(), password: value('password') });
          }}
        >
          {error !== null && <Notice kind="bad" title={explain(error)} />}
          <Field label={texts.email} name="email" type="email" autoComplete="username" required spellCheck={false} />
          <Field label={texts.password} name="password" type="password" autoComplete="current-password" required />
          <Submit label={texts.login.submit} busyLabel={texts.busy} busy={isPending} />
          <Link to="/forgot-password">{texts.login.forgot}</Link>
        </form>
        <p className="below">
          {texts.login.noAccount}{' '}
          <Link to={`/register${next === null ? '' : `?next=${encodeURIComponent(next)}`}`}>{texts.login.register}</Link>
        </p>
      </div>
    </Page>
  );
}
