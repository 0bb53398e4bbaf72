import { useTexts } from '../../i18n/texts.ts';
import { Dialog } from '../dialog.tsx';
import { roomTexts } from '../texts.ts';

/** A terminal is closed for good: what runs in it would be gone by a slip of the mouse. */
export function CloseDialog(props: { readonly name: string; readonly onYes: () => void; readonly onClose: () => void }) {
  const { workspace: texts } = useTexts(roomTexts);
  return (
    <Dialog title={texts.closeTitle(props.name)} onClose={props.onClose}>
      <div className="stack">
        <p>{texts.closeText}</p>
        <div className="actions">
          <button type="button" className="button primary" data-first onClick={props.onYes}>
            {texts.closeNow}
          </button>
          <button type="button" className="button" onClick={props.onClose}>
            {texts.keep}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
