import { useTexts } from '../i18n/texts.ts';
import { roomTexts } from './texts.ts';

/** In place of the workspace, where another window has it. */
export function Elsewhere({ onTakeOver }: { readonly onTakeOver: () => void }) {
  const { elsewhere: texts } = useTexts(roomTexts);
  return (
    <div className="elsewhere" role="status">
      <h2>{texts.title}</h2>
      <p>{texts.text}</p>
      <button type="button" className="button primary" onClick={onTakeOver}>
        {texts.takeOver}
      </button>
    </div>
  );
}
