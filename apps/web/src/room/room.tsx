import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Keyboard } from '../components/icons.tsx';
import { Logo } from '../components/logo.tsx';
import { sharedTexts } from '../components/texts.ts';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from '../session/use-session.ts';
import { questionsQuery } from '../session/use-session.ts';
import { ClockEntries, ExamClock } from './exam-clock.tsx';
import { HandIn } from './hand-in.tsx';
import { KeySheet } from './key-sheet.tsx';
import { NewsList } from './news.tsx';
import './room.css';
import { Splitter, useTaskWidth } from './splitter.tsx';
import { TaskList } from './task-list.tsx';
import { TaskPanel } from './task-panel.tsx';
import { TerminalPane } from './terminal-pane.tsx';
import { roomTexts } from './texts.ts';
import { useKeys } from './use-keys.ts';
import { useNews } from './use-news.ts';

type Open = 'tasks' | 'clock' | 'hand-in' | 'keys' | null;

/** The exam room: a task on the left, a terminal on the right, the clock above. */
export function Room({ session }: { readonly session: KnownSession }) {
  const texts = useTexts(roomTexts);
  const { status, view } = session;
  const { data: questions = [] } = useQuery(questionsQuery(status.examSessionId));
  const [position, setPosition] = useState(1);
  const [open, setOpen] = useState<Open>(null);
  const [copied, setCopied] = useState('');
  const { news, dismiss, warn } = useNews(session);
  const [width, setWidth] = useTaskWidth();
  const tasks = useRef<HTMLElement>(null);
  const terminal = useRef<HTMLElement>(null);
  const total = questions.length;
  const close = useCallback(() => setOpen(null), []);
  const move = useCallback((by: 1 | -1) => setPosition((now) => Math.min(Math.max(now + by, 1), Math.max(total, 1))), [total]);
  const list = useCallback(() => setOpen('tasks'), []);
  const question = questions.find((one) => one.position === position);

  useEffect(() => {
    document.title = `${view.labTitle} · CKX`;
  }, [view.labTitle]);
  useKeys({
    n: () => move(1),
    p: () => move(-1),
    a: list,
    t: () => setOpen('clock'),
    h: () => setOpen('hand-in'),
    '?': () => setOpen('keys'),
    F6: () => switchPanel(tasks.current, terminal.current),
  });

  return (
    <div className="room" style={{ gridTemplateColumns: `minmax(23rem, ${width}fr) minmax(0, ${100 - width}fr)` }}>
      <TopBar session={session} position={position} total={total} onOpen={setOpen} onWarning={warn} />
      <NewsList news={news} onDismiss={dismiss} />
      <main ref={tasks} tabIndex={-1} className="room-tasks" aria-label={texts.tasksPanel}>
        <TooNarrow />
        {question === undefined ? (
          <p className="task muted" role="status">
            {texts.loading}
          </p>
        ) : (
          <TaskPanel key={question.id} question={question} total={total} onMove={move} onList={list} onCopied={setCopied} />
        )}
      </main>
      <section ref={terminal} tabIndex={-1} className="room-terminal" aria-label={texts.terminalPanel}>
        <Splitter width={width} onChange={setWidth} />
        <TerminalPane examSessionId={status.examSessionId} onCopied={setCopied} />
      </section>
      <div className={copied === '' ? 'copied' : 'copied shown'} role="status" key={copied} onAnimationEnd={() => setCopied('')}>
        {copied}
      </div>
      {open === 'tasks' && (
        <TaskList
          questions={questions}
          current={position}
          onClose={close}
          onChoose={(chosen) => {
            setPosition(chosen);
            close();
          }}
        />
      )}
      {open === 'clock' && <ClockEntries entries={view.clock} deadlineAt={status.deadlineAt} onClose={close} />}
      {open === 'hand-in' && <HandIn session={session} total={total} onClose={close} />}
      {open === 'keys' && <KeySheet onClose={close} />}
    </div>
  );
}

interface TopBarProps {
  readonly session: KnownSession;
  readonly position: number;
  readonly total: number;
  readonly onOpen: (what: Open) => void;
  readonly onWarning: ReturnType<typeof useNews>['warn'];
}

function TopBar({ session: { status, view, live }, position, total, onOpen, onWarning }: TopBarProps) {
  const texts = useTexts(roomTexts);
  const shared = useTexts(sharedTexts);
  return (
    <header className="room-bar">
      <Link to="/" aria-label={shared.home} className="plain">
        <Logo />
      </Link>
      <span className="lab-title">{view.labTitle}</span>
      <span className="dots" aria-hidden="true">
        {Array.from({ length: total }, (_, index) => (
          <i key={index} className={index + 1 === position ? 'here' : undefined} />
        ))}
      </span>
      <span className={live ? 'connection' : 'connection lost'} role="status">
        {live ? texts.connection.live : texts.connection.lost}
      </span>
      <button type="button" className="button quiet icon" onClick={() => onOpen('keys')} aria-label={texts.keys} aria-keyshortcuts="?">
        <Keyboard />
      </button>
      <ExamClock
        deadlineAt={status.deadlineAt}
        durationMs={(view.durationSeconds + view.extraTimeSeconds) * 1000}
        onOpen={() => onOpen('clock')}
        onWarning={onWarning}
      />
      <button type="button" className="button primary" onClick={() => onOpen('hand-in')} aria-keyshortcuts="h">
        {texts.handIn}
      </button>
    </header>
  );
}

function TooNarrow() {
  const texts = useTexts(roomTexts);
  return (
    <div className="too-narrow notice warn" role="note">
      <div>
        <strong>{texts.narrowTitle}</strong>
        <p>{texts.narrowText}</p>
      </div>
    </div>
  );
}

/** From task to terminal and back. A terminal takes the focus in its own text field. */
function switchPanel(tasks: HTMLElement | null, terminal: HTMLElement | null): void {
  const inTerminal = terminal?.contains(document.activeElement) === true;
  const target = inTerminal ? tasks : (terminal?.querySelector<HTMLElement>('textarea, button') ?? terminal);
  target?.focus();
}
