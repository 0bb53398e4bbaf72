import { useId } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { adminTexts } from './texts.ts';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly names: Readonly<Record<Value, string>>;
  readonly value: Value | undefined;
  readonly onChoose: (value: Value | undefined) => void;
}

/** One of some, or all of them. */
export function Choice<Value extends string>({ label, names, value, onChoose }: ChoiceProps<Value>) {
  const texts = useTexts(adminTexts);
  const id = useId();
  const isValue = (text: string): text is Value => text in names;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={({ target }) => onChoose(isValue(target.value) ? target.value : undefined)}>
        <option value="">{texts.any}</option>
        {Object.entries<string>(names).map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
