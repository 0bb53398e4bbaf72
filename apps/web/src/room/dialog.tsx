import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Cross } from '../components/icons.tsx';
import { sharedTexts } from '../components/texts.ts';
import { useTexts } from '../i18n/texts.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog of the browser's own: it keeps the focus in, gives it back, and closes by Escape. */
export function Dialog(props: DialogProps) {
  const shared = useTexts(sharedTexts);
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // What one comes for, in place of the first control, which closes it.
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={props.wide === true ? 'wide' : undefined}
      aria-labelledby={id}
      onClose={() => {
        // It may have been opened again before this was told.
        if (ref.current?.open !== true) props.onClose();
      }}
      onClick={(event) => {
        // Beside it, on the backdrop.
        if (event.target === event.currentTarget) props.onClose();
      }}
    >
      <header>
        <h2 id={id}>{props.title}</h2>
        <button type="button" className="button quiet icon" aria-label={shared.close} onClick={props.onClose}>
          <Cross />
        </button>
      </header>
      {props.children}
    </dialog>
  );
}
