import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { Notice } from '../components/notice.tsx';
import { formatClock } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from '../session/use-session.ts';
import { useTimeLeft } from '../session/use-time-left.ts';
import { Dialog } from './dialog.tsx';
import { roomTexts } from './texts.ts';

/** What handing in means, before it is done. The page goes on when the server says that the session ended. */
export function HandIn(props: { readonly session: KnownSession; readonly total: number; readonly onClose: () => void }) {
  const texts = useTexts(roomTexts);
  const explain = useExplain();
  const { status } = props.session;
  const path = { params: { path: { id: status.examSessionId } } };
  const leftMs = useTimeLeft(status.deadlineAt);
  const handIn = useMutation({ mutationFn: () => answer(api.POST('/api/v1/sessions/{id}/submit', path)) });
  const giveUp = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/sessions/{id}', path)) });
  const busy = handIn.isPending || handIn.isSuccess || giveUp.isPending || giveUp.isSuccess;
  const error = handIn.error ?? giveUp.error;
  return (
    <Dialog title={texts.handInTitle} onClose={props.onClose}>
      <div className="stack">
        <p>{texts.handInText}</p>
        <dl className="facts">
          <div>
            <dt>{texts.summaryLeft}</dt>
            <dd className="figure">{leftMs === null ? '–' : formatClock(leftMs)}</dd>
          </div>
          <div>
            <dt>{texts.summaryTasks}</dt>
            <dd className="figure">{props.total}</dd>
          </div>
        </dl>
        <p className="muted">{texts.leaveText}</p>
        {error !== null && <Notice kind="bad" title={explain(error)} />}
        <div className="actions">
          <button type="button" className="button primary" aria-disabled={busy} onClick={() => !busy && handIn.mutate()}>
            {busy ? texts.handingIn : texts.handInNow}
          </button>
          <button type="button" className="button" onClick={props.onClose} data-first>
            {texts.goOn}
          </button>
          <button type="button" className="button quiet" aria-disabled={busy} onClick={() => !busy && giveUp.mutate()}>
            {texts.giveUpInstead}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
