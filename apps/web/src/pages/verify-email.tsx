import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { answer, api } from '../api/client.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useExplain } from '../components/explain.ts';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import { useMailToken } from './mail-token.ts';

export function VerifyEmail() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const token = useMailToken();
  const asked = useRef(false);
  const { mutate, error, isSuccess, isPending } = useMutation({
    mutationFn: (value: string) => answer(api.POST('/api/v1/auth/verify-email', { body: { token: value } })),
  });
  useEffect(() => {
    // A token is good once.
    if (token === null || asked.current) return;
    asked.current = true;
    mutate(token);
  }, [token, mutate]);
  return (
    <Page title={texts.verify.title}>
      <div className="narrow">
        <PageHead title={texts.verify.title} />
        {isPending && <Notice title={texts.verify.busy} />}
        {isSuccess && (
          <Notice kind="good" title={texts.verify.done}>
            <p>
              {texts.verify.doneText} <Link to="/labs">{texts.verify.toLabs}</Link>
            </p>
          </Notice>
        )}
        {(error !== null || token === null) && (
          <Notice kind="bad" title={texts.verify.failed}>
            <p>{error === null ? texts.reset.missingText : explain(error)}</p>
            <Another />
          </Notice>
        )}
      </div>
    </Page>
  );
}

/** Another mail, for who is signed in. */
function Another() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const member = useStanding().kind === 'member';
  const { mutate, error, isSuccess, isPending } = useMutation({ mutationFn: () => answer(api.POST('/api/v1/auth/send-verification')) });
  if (!member) return null;
  return (
    <div className="actions">
      <button type="button" className="button" disabled={isPending || isSuccess} onClick={() => mutate()}>
        {texts.verify.again}
      </button>
      <span role="status">{isSuccess ? texts.verify.sent : error !== null && explain(error)}</span>
    </div>
  );
}
