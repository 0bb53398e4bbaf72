import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../api/client.ts';
import { tokens } from '../auth/browser.ts';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';
import { saveFile } from './save-file.ts';

/** What is kept about a person: taken along, or deleted. */
export function Data() {
  const { profile: texts } = useTexts(accountTexts);
  return (
    <>
      <section aria-labelledby="data">
        <h2 id="data">{texts.data}</h2>
        <Export />
      </section>
      <section aria-labelledby="delete">
        <h2 id="delete">{texts.deleteTitle}</h2>
        <Delete />
      </section>
    </>
  );
}

function Export() {
  const { profile: texts } = useTexts(accountTexts);
  const explain = useExplain();
  const whole = useMutation({
    mutationFn: () => answer(api.GET('/api/v1/users/me/export')),
    onSuccess: (data) => saveFile('ckx-account.json', 'application/json', JSON.stringify(data, null, 2)),
  });
  const csv = useMutation({
    mutationFn: () => answer<unknown>(api.GET('/api/v1/users/me/history.csv', { parseAs: 'text' })),
    onSuccess: (text) => saveFile('ckx-attempts.csv', 'text/csv', String(text)),
  });
  const error = whole.error ?? csv.error;
  return (
    <div className="stack card">
      {error !== null && <Notice kind="bad" title={explain(error)} />}
      <p className="muted">{texts.dataText}</p>
      <div className="actions">
        <button type="button" className="button" disabled={whole.isPending} onClick={() => whole.mutate()}>
          {whole.isPending ? texts.exporting : texts.export}
        </button>
        <span className="muted small">{texts.attempts}</span>
        <button type="button" className="button" disabled={csv.isPending} onClick={() => csv.mutate()}>
          CSV
        </button>
      </div>
    </div>
  );
}

function Delete() {
  const texts = useTexts(accountTexts);
  const explain = useExplain();
  const [asking, setAsking] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (password: string) => answer(api.POST('/api/v1/users/me/delete', { body: { password } })),
    // Its tokens are gone with it.
    onSuccess: () => tokens.leave(),
  });
  const { profile } = texts;
  return (
    <div className="stack card">
      <p className="muted">{profile.deleteText}</p>
      {asking ? (
        <form className="stack" noValidate onSubmit={(event) => mutate(formValues(event)('password'))}>
          {error !== null && <Notice kind="bad" title={explain(error)} />}
          <Field label={texts.currentPassword} name="password" type="password" autoComplete="current-password" autoFocus />
          <div className="actions">
            <Submit label={profile.deleteSure} busyLabel={texts.busy} busy={isPending} wide={false} />
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {profile.keep}
            </button>
          </div>
        </form>
      ) : (
        <div className="actions">
          <button type="button" className="button danger" onClick={() => setAsking(true)}>
            {profile.deleteOpen}
          </button>
        </div>
      )}
    </div>
  );
}
