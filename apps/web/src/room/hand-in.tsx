import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { Notice } from '../components/notice.tsx';
import { formatClock } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from '../session/use-session.ts';
import { useTimeLeft } from '../session/use-time-left.ts';
import { Dialog } from './dialog.tsx';
import type { Question } from './task-panel.tsx';
import { roomTexts } from './texts.ts';
import type { Marks } from './use-marks.ts';

interface HandInProps {
  readonly session: KnownSession;
  readonly questions: readonly Question[];
  readonly marks: Marks;
  readonly onGo: (position: number) => void;
  readonly onClose: () => void;
}

/** What handing in means, and what was left, before it is done. The page goes on when the server says that the session ended. */
export function HandIn({ session, questions, marks, onGo, onClose }: HandInProps) {
  const texts = useTexts(roomTexts);
  const explain = useExplain();
  const { status } = session;
  const path = { params: { path: { id: status.examSessionId } } };
  const leftMs = useTimeLeft(status.deadlineAt);
  const handIn = useMutation({ mutationFn: () => answer(api.POST('/api/v1/sessions/{id}/submit', path)) });
  const giveUp = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/sessions/{id}', path)) });
  const busy = handIn.isPending || handIn.isSuccess || giveUp.isPending || giveUp.isSuccess;
  const error = handIn.error ?? giveUp.error;
  const opened = questions.filter(({ position }) => marks.isOpened(position)).length;
  return (
    <Dialog title={texts.handInTitle} onClose={onClose}>
      <div className="stack">
        <p>{texts.handInText}</p>
        <dl className="facts">
          <div>
            <dt>{texts.summaryLeft}</dt>
            <dd className="figure">{leftMs === null ? '–' : formatClock(leftMs)}</dd>
          </div>
          <div>
            <dt>{texts.summaryTasks}</dt>
            <dd className="figure">{texts.summaryOpened(opened, questions.length)}</dd>
          </div>
        </dl>
        <Left title={texts.summaryFlagged} questions={questions.filter(({ position }) => marks.isFlagged(position))} onGo={onGo} />
        <Left title={texts.summaryUnopened} questions={questions.filter(({ position }) => !marks.isOpened(position))} onGo={onGo} />
        <p className="muted">{texts.leaveText}</p>
        {error !== null && <Notice kind="bad" title={explain(error)} />}
        <div className="actions">
          <button type="button" className="button primary" aria-disabled={busy} onClick={() => !busy && handIn.mutate()}>
            {busy ? texts.handingIn : texts.handInNow}
          </button>
          <button type="button" className="button" onClick={onClose} data-first>
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

/** Tasks that are left for some reason, each a way back to it. */
function Left(props: { readonly title: string; readonly questions: readonly Question[]; readonly onGo: (position: number) => void }) {
  if (props.questions.length === 0) return null;
  return (
    <section className="left-tasks">
      <h3>
        {props.title} <span className="figure">{props.questions.length}</span>
      </h3>
      <ul>
        {props.questions.map(({ id, position, title }) => (
          <li key={id}>
            <button type="button" className="button" onClick={() => props.onGo(position)}>
              <span className="figure muted">{position}</span> {title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
