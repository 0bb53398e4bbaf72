import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import type { KnownSession } from '../session/use-session.ts';
import { questionsQuery } from '../session/use-session.ts';
import { Elsewhere } from './elsewhere.tsx';
import { ClockEntries } from './exam-clock.tsx';
import { HandIn } from './hand-in.tsx';
import { KeySheet } from './key-sheet.tsx';
import { NewsList } from './news.tsx';
import './overlays.css';
import './room.css';
import { Splitter } from './splitter.tsx';
import { TaskList } from './task-list.tsx';
import { TaskPanel } from './task-panel.tsx';
import { roomTexts } from './texts.ts';
import { TimeUp } from './time-up.tsx';
import { Toast } from './toast.tsx';
import { TopBar, type Open } from './top-bar.tsx';
import { PracticeHelp } from './practice-help.tsx';
import { NotePad } from './note-pad.tsx';
import { useKeys } from './use-keys.ts';
import { useNews } from './use-news.ts';
import { useMarks } from './use-marks.ts';
import { useNotes } from './use-notes.ts';
import { useOneWindow } from './use-one-window.ts';
import { TASK_WIDTH, useTaskPanel } from './use-task-panel.ts';
import { Workspace, type WorkspaceHandle } from './workspace/workspace.tsx';

/** The exam room: a task on the left, terminals and desktop on the right, the clock above. */
export function Room({ session }: { readonly session: KnownSession }) {
  const texts = useTexts(roomTexts);
  const { status, view } = session;
  const { data: questions = [] } = useQuery(questionsQuery(status.examSessionId));
  const [position, setPosition] = useState(1);
  const [open, setOpen] = useState<Open>(null);
  const [noteOpen, setNoteOpen] = useState(false);
  const [window, takeOver] = useOneWindow(status.examSessionId);
  const marks = useMarks(status.examSessionId, position);
  const notes = useNotes(status.examSessionId);
  const [said, setSaid] = useState('');
  const { news, dismiss, warn } = useNews(session);
  const { width, setWidth, wide, setWide } = useTaskPanel();
  const tasks = useRef<HTMLElement>(null);
  const place = useRef<HTMLElement>(null);
  const workspace = useRef<WorkspaceHandle>(null);
  const total = questions.length;
  const close = useCallback(() => setOpen(null), []);
  const move = useCallback((by: 1 | -1) => setPosition((now) => Math.min(Math.max(now + by, 1), Math.max(total, 1))), [total]);
  const go = (chosen: number) => {
    setPosition(chosen);
    close();
  };
  const list = useCallback(() => setOpen('tasks'), []);
  const question = questions.find((one) => one.position === position);

  useEffect(() => {
    document.title = `${view.labTitle} · CKX`;
  }, [view.labTitle]);
  useKeys({
    letters: {
      n: () => move(1),
      p: () => move(-1),
      a: list,
      f: () => marks.toggleFlag(position),
      e: () => setNoteOpen(!noteOpen),
      t: () => setOpen('clock'),
      h: () => setOpen('hand-in'),
      c: () => workspace.current?.openTerminal(),
      s: () => workspace.current?.toggleSplit(),
      w: () => setWide(!wide),
      z: toggleFullScreen,
      '?': () => setOpen('keys'),
    },
    onSwitch: () => {
      const inWorkspace = place.current?.contains(document.activeElement) === true;
      if (!inWorkspace) workspace.current?.focus();
      else if (!wide) toTask(tasks.current);
    },
    onTab: (number) => workspace.current?.show(number),
  });

  return (
    <div className={wide ? 'room wide' : 'room'} style={{ gridTemplateColumns: columns(width, wide) }} data-divided>
      <TopBar session={session} position={position} total={total} marks={marks} onOpen={setOpen} onWarning={warn} />
      <TimeUp deadlineAt={status.deadlineAt} />
      <NewsList news={news} onDismiss={dismiss} />
      <main ref={tasks} tabIndex={-1} className="room-tasks" aria-label={texts.tasksPanel}>
        <TooNarrow />
        {question === undefined ? (
          <p className="task muted" role="status">
            {texts.loading}
          </p>
        ) : (
          <TaskPanel
            key={question.id}
            question={question}
            total={total}
            flagged={marks.isFlagged(position)}
            noted={notes.textOf(position) !== ''}
            noteOpen={noteOpen}
            onMove={move}
            onList={list}
            onFlag={() => marks.toggleFlag(position)}
            onNote={() => setNoteOpen(!noteOpen)}
            onCopied={setSaid}
            help={
              status.mode === 'practice' && <PracticeHelp examSessionId={status.examSessionId} position={position} onCopied={setSaid} />
            }
            note={
              noteOpen && (
                <NotePad
                  text={notes.textOf(position)}
                  state={notes.state}
                  onEdit={(text) => notes.edit(position, text)}
                  onClose={() => {
                    setNoteOpen(false);
                    toTask(tasks.current);
                  }}
                />
              )
            }
          />
        )}
      </main>
      {!wide && (
        <section className="room-divider" aria-label={texts.split}>
          <Splitter
            label={texts.split}
            orientation="vertical"
            value={width}
            least={TASK_WIDTH.least}
            most={TASK_WIDTH.most}
            usual={TASK_WIDTH.usual}
            onChange={setWidth}
          />
        </section>
      )}
      <section ref={place} className="room-workspace" aria-label={texts.terminalPanel}>
        {window === 'here' && (
          <Workspace
            ref={workspace}
            examSessionId={status.examSessionId}
            hasDesktop={status.desktop}
            desktopOpen={status.desktopOpen}
            wide={wide}
            onWide={() => setWide(!wide)}
            onFullScreen={toggleFullScreen}
            onSay={setSaid}
          />
        )}
        {window === 'elsewhere' && <Elsewhere onTakeOver={takeOver} />}
      </section>
      <Toast text={said} onGone={() => setSaid('')} />
      {open === 'tasks' && (
        <TaskList questions={questions} current={position} marks={marks} noteOf={notes.textOf} onClose={close} onChoose={go} />
      )}
      {open === 'clock' && <ClockEntries entries={view.clock} deadlineAt={status.deadlineAt} onClose={close} />}
      {open === 'hand-in' && <HandIn session={session} questions={questions} marks={marks} onGo={go} onClose={close} />}
      {open === 'keys' && <KeySheet onClose={close} />}
    </div>
  );
}

const columns = (width: number, wide: boolean) =>
  wide ? '0 0 minmax(0, 1fr)' : `minmax(23rem, ${width}fr) 7px minmax(0, ${100 - width}fr)`;

/** To its text, which keys scroll. */
function toTask(panel: HTMLElement | null): void {
  (panel?.querySelector<HTMLElement>('.task-scroll') ?? panel)?.focus();
}

/** The whole room, the clock with it. */
function toggleFullScreen(): void {
  // Refused where a page may not; nothing is lost by it.
  const done = document.fullscreenElement === null ? document.documentElement.requestFullscreen() : document.exitFullscreen();
  done.catch(() => undefined);
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
