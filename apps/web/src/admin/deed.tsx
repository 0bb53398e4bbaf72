import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { faultsByField, useExplain } from '../components/explain.ts';
import { Dialog } from '../room/dialog.tsx';
import { Field } from '../components/field.tsx';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { adminTexts } from './texts.ts';

interface DeedProps {
  readonly title: string;
  readonly text?: string;
  /** On the button; the title where not given. */
  readonly label?: string;
  /** Fields beside the reason. */
  readonly children?: ReactNode;
  /** What the last field is called, and whether the API wants it. @default the reason, wanted */
  readonly reason?: { readonly label?: string; readonly wanted?: boolean };
  /** Asks the API; what it refuses is shown, and nothing is closed. @param value of the fields, by their names; the reason is `reason` */
  readonly onDo: (value: (name: string) => string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Something that an administrator does to somebody: why, and what came of it. */
export function Deed({ title, text, label, children, reason = {}, onDo, onClose }: DeedProps) {
  const texts = useTexts(adminTexts);
  const explain = useExplain();
  const { mutate, error, isPending } = useMutation({ mutationFn: onDo, onSuccess: onClose });
  const faults = faultsByField(error);
  const fault = faults['reason'] ?? faults['message'];
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={(event) => mutate(formValues(event))}>
        {text !== undefined && <p className="muted">{text}</p>}
        {error !== null && (
          <Notice kind="bad" title={texts.failed}>
            {/* Administrators read what the API said, in full. */}
            <p>
              {error instanceof ApiProblem
                ? [error.message, error.problem.remedy, ...Object.values(faults)].filter(Boolean).join(' ')
                : explain(error)}
            </p>
          </Notice>
        )}
        {children}
        {reason.wanted !== false && (
          <Field label={reason.label ?? texts.reason} name="reason" required maxLength={300} fault={fault} autoComplete="off" data-first />
        )}
        <div className="actions">
          <Submit label={label ?? title} busyLabel={texts.doing} busy={isPending} wide={false} />
        </div>
      </form>
    </Dialog>
  );
}

/** A button that opens a deed's dialog. */
export function DeedButton(props: Omit<DeedProps, 'onClose'> & { readonly button: string; readonly danger?: boolean }) {
  const [open, setOpen] = useState(false);
  const { button, danger, ...deed } = props;
  return (
    <>
      <button type="button" className={danger === true ? 'button danger' : 'button'} onClick={() => setOpen(true)}>
        {button}
      </button>
      {open && <Deed {...deed} onClose={() => setOpen(false)} />}
    </>
  );
}
