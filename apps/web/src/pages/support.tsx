import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { hasCode } from '../api/problem.ts';
import { meQuery } from '../api/queries.ts';
import { faultsByField, useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { Submit } from '../components/submit.tsx';
import { TextField } from '../components/text-field.tsx';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';

/** A letter to the operators. */
export function Support() {
  const texts = useTexts(accountTexts);
  const { support } = texts;
  const explain = useExplain();
  const { data: me } = useQuery(meQuery);
  const { mutate, error, isPending, data, reset } = useMutation({
    mutationFn: (body: { subject: string; message: string }) => answer(api.POST('/api/v1/support', { body })),
  });
  const faults = faultsByField(error);
  const missing = (name: string) => (name in faults ? support.missing : undefined);
  return (
    <Page title={support.title}>
      <div className="narrow stack">
        <PageHead title={support.title}>{support.text}</PageHead>
        {data !== undefined ? (
          <Notice kind="good" title={support.sent}>
            <p>
              {me !== undefined && support.sentText(me.email)} {data.priority && support.priority}
            </p>
            <div className="actions">
              <button type="button" className="button" onClick={reset}>
                {support.another}
              </button>
            </div>
          </Notice>
        ) : (
          <form
            className="stack card"
            noValidate
            onSubmit={(event) => {
              const value = formValues(event);
              mutate({ subject: value('subject').trim(), message: value('message').trim() });
            }}
          >
            {error !== null && !hasCode(error, 'VALIDATION_FAILED') && <Notice kind="bad" title={explain(error)} />}
            <Field label={support.subject} name="subject" required maxLength={150} fault={missing('subject')} />
            <TextField
              label={support.message}
              name="message"
              required
              rows={8}
              maxLength={5000}
              hint={support.messageHint}
              fault={missing('message')}
            />
            <Submit label={support.send} busyLabel={texts.busy} busy={isPending} />
          </form>
        )}
      </div>
    </Page>
  );
}
