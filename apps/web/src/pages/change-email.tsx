import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answer, api } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { useExplain } from '../components/explain.ts';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import { useMailToken } from './mail-token.ts';

/** Where the link of the mail leads. A click confirms, so that programs which open the links of mails change nothing. */
export function ConfirmEmail() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const client = useQueryClient();
  const token = useMailToken();
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: (value: string) => answer(api.POST('/api/v1/auth/confirm-email', { body: { token: value } })),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  const { changeEmail } = texts;
  return (
    <Page title={changeEmail.title}>
      <div className="narrow stack">
        <PageHead title={changeEmail.title}>{token === null || isSuccess ? undefined : changeEmail.text}</PageHead>
        {token === null && (
          <Notice kind="bad" title={texts.reset.missing}>
            <p>{texts.reset.missingText}</p>
          </Notice>
        )}
        {error !== null && (
          <Notice kind="bad" title={changeEmail.failed}>
            <p>{explain(error)}</p>
          </Notice>
        )}
        {isSuccess && (
          <Notice kind="good" title={changeEmail.done}>
            <p>{changeEmail.doneText}</p>
          </Notice>
        )}
        <div className="actions">
          {token !== null && !isSuccess && error === null && (
            <button type="button" className="button primary" aria-disabled={isPending} onClick={() => !isPending && mutate(token)}>
              {isPending ? texts.busy : changeEmail.confirm}
            </button>
          )}
          {(token === null || isSuccess || error !== null) && (
            <Link className="button" to="/account">
              {changeEmail.toProfile}
            </Link>
          )}
        </div>
      </div>
    </Page>
  );
}
