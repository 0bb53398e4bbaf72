import { useId, useState, type InputHTMLAttributes, type ReactNode } from 'react';
import { Warning } from './icons.tsx';

export interface Labelled {
  readonly label: string;
  readonly name: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
}

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'name'>, Labelled {}

/** What a control is told of its label, its hint and its fault; a fault is let go of as soon as somebody mends it. */
export function useLabelled({ label, hint, fault }: Omit<Labelled, 'name'>) {
  const id = useId();
  const [mended, setMended] = useState<string>();
  const shown = fault !== undefined && fault !== mended ? fault : undefined;
  const described = [hint === undefined ? [] : `${id}-hint`, shown === undefined ? [] : `${id}-fault`].flat().join(' ');
  const frame = (control: ReactNode) => (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {control}
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {shown !== undefined && (
        <span className="fault" id={`${id}-fault`}>
          <Warning />
          {shown}
        </span>
      )}
    </div>
  );
  return {
    frame,
    control: { id, 'aria-invalid': shown !== undefined, 'aria-describedby': described === '' ? undefined : described },
    mend: () => setMended(fault),
  };
}

/** An input with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, fault, onChange, ...input }: FieldProps) {
  const { frame, control, mend } = useLabelled({ label, hint, fault });
  return frame(
    <input
      {...control}
      onChange={(event) => {
        mend();
        onChange?.(event);
      }}
      {...input}
    />,
  );
}
