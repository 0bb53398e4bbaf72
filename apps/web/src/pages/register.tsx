import { useMutation } from '@tanstack/react-query';
import { Link, Navigate, useSearchParams } from 'react-router';
import { answer, api } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
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
import { useFieldFaults } from './field-faults.ts';

interface Registration {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

async function register(body: Registration): Promise<void> {
  await answer(api.POST('/api/v1/auth/register', { body }));
  await signIn(body.email, body.password);
}

export function Register() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const [search] = useSearchParams();
  const next = search.get('next');
  const member = useStanding().kind === 'member';
  const { mutate, error, isPending } = useMutation({ mutationFn: register });
  const faults = useFieldFaults(error);
  if (member) return <Navigate to={safeNext(next, location.origin)} replace />;
  return (
    <Page title={texts.register.title}>
      <div className="narrow">
        <PageHead title={texts.register.title}>{texts.register.text}</PageHead>
        <form
          className="stack card"
          noValidate
          onSubmit={(event) => {
            const value = formValues(event);
            mutate({ name: value('name').trim(), email: value('email').trim(), password: value('password') });
          }}
        >
          {error !== null && !hasCode(error, 'VALIDATION_FAILED') && <Notice kind="bad" title={explain(error)} />}
          <Field label={texts.name} name="name" autoComplete="name" required maxLength={100} hint={texts.nameHint} fault={faults.name} />
          <Field label={texts.email} name="email" type="email" autoComplete="username" required spellCheck={false} fault={faults.email} />
          <Field
            label={texts.password}
            name="password"
            type="password"
            autoComplete="new-password"
            required
            maxLength={128}
            hint={texts.passwordHint}
            fault={faults.password}
          />
          <Submit label={texts.register.submit} busyLabel={texts.busy} busy={isPending} />
        </form>
        <p className="below">
          {texts.register.haveOne}{' '}
          <Link to={`/login${next === null ? '' : `?next=${encodeURIComponent(next)}`}`}>{texts.register.signIn}</Link>
        </p>
      </div>
    </Page>
  );
}
