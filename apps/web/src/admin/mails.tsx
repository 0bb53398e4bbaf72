import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useExplain } from '../components/explain.ts';
import { Field } from '../components/field.tsx';
import { Skeleton } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { Dialog } from '../room/dialog.tsx';
import { AdminPage } from './admin-page.tsx';
import { Choice } from './choice.tsx';
import { More } from './more.tsx';
import { mailQuery, mailsQuery, type MailState } from './queries.ts';
import { Table } from './table.tsx';
import { adminTexts } from './texts.ts';
import { useSettled } from './use-settled.ts';

const KINDS = { owed: 'accent', sent: 'good', given_up: 'bad' };

/** The outbox. */
export function Mails() {
  const all = useTexts(adminTexts);
  const texts = all.mails;
  const [recipient, setRecipient] = useState('');
  const [state, setState] = useState<MailState>();
  const [read, setRead] = useState<string | null>(null);
  const list = useInfiniteQuery(mailsQuery(useSettled(recipient).trim(), state));
  if (list.error !== null && list.data === undefined) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  const mails = list.data?.pages.flatMap((page) => page.mails);
  return (
    <AdminPage title={all.sections.mails} text={texts.text}>
      <search className="admin-filters">
        <Field
          label={texts.recipient}
          name="recipient"
          type="search"
          value={recipient}
          onChange={({ target }) => setRecipient(target.value)}
        />
        <Choice label={texts.state} names={texts.states} value={state} onChoose={setState} />
      </search>
      {mails === undefined ? (
        <Skeleton height="12rem" />
      ) : mails.length === 0 ? (
        <p className="card muted">{all.nothing}</p>
      ) : (
        <Table label={all.sections.mails} columns={Object.values(texts.columns)}>
          {mails.map((mail) => (
            <tr key={mail.id}>
              <td>{formatMoment(mail.createdAt)}</td>
              <td>{mail.recipient}</td>
              <td className="figure">{mail.kind}</td>
              <td>
                <span className={`tag ${KINDS[mail.state]}`}>{texts.states[mail.state]}</span>
                <span className="muted small">{mail.failure ?? (mail.attempts > 0 ? texts.attempts(mail.attempts) : '')}</span>
              </td>
              <td>
                <button
                  type="button"
                  className="button"
                  aria-label={texts.readOf(mail.kind, mail.recipient)}
                  onClick={() => setRead(mail.id)}
                >
                  {texts.read}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More list={list} />
      {read !== null && <Letter mailId={read} onClose={() => setRead(null)} />}
    </AdminPage>
  );
}

/** Its text, as text: mails bear what people wrote. */
function Letter({ mailId, onClose }: { readonly mailId: string; readonly onClose: () => void }) {
  const texts = useTexts(adminTexts);
  const explain = useExplain();
  const { data: mail, error } = useQuery(mailQuery(mailId));
  return (
    <Dialog title={mail?.subject ?? texts.sections.mails} onClose={onClose}>
      {error !== null && <p role="alert">{explain(error)}</p>}
      {mail === undefined ? (
        error === null && <Skeleton height="8rem" />
      ) : (
        <pre className="letter" tabIndex={0} data-first>
          {mail.text}
        </pre>
      )}
    </Dialog>
  );
}
