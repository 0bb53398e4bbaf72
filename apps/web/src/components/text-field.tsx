import type { TextareaHTMLAttributes } from 'react';
import { useLabelled, type Labelled } from './field.tsx';

interface TextFieldProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id' | 'name' | 'onChange'>, Labelled {}

/** A field of several lines. */
export function TextField({ label, hint, fault, ...area }: TextFieldProps) {
  const { frame, control, mend } = useLabelled({ label, hint, fault });
  return frame(<textarea {...control} onChange={mend} {...area} />);
}
