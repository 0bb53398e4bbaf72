import { useId, useState, type InputHTMLAttributes } from 'react';
import { Warning } from './icons.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  readonly label: string;
  readonly name: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
}

/** An input with its label, a hint, and what is wrong with it; a fault is let go of as soon as somebody mends it. */
export function Field({ label, hint, fault, onChange, ...input }: FieldProps) {
  const id = useId();
  const [mended, setMended] = useState<string>();
  const shown = fault !== undefined && fault !== mended ? fault : undefined;
  const described = [hint === undefined ? [] : `${id}-hint`, shown === undefined ? [] : `${id}-fault`].flat().join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-invalid={shown !== undefined}
        aria-describedby={described === '' ? undefined : described}
        onChange={(event) => {
          setMended(fault);
          onChange?.(event);
        }}
        {...input}
      />
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
}
