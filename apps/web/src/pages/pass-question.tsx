import { useTexts } from '../i18n/texts.ts';
import { labsTexts } from './labs-texts.ts';

/** Before a lab begins the time of a pass that waits: whoever paid for it says when. */
export function PassQuestion(props: { readonly busy: boolean; readonly onYes: () => void; readonly onNo: () => void }) {
  const { passQuestion: texts } = useTexts(labsTexts);
  return (
    <div className="notice warn" role="alert">
      <div className="stack">
        <div>
          <strong>{texts.title}</strong>
          <p>{texts.text}</p>
        </div>
        <div className="actions">
          <button type="button" className="button primary" aria-disabled={props.busy} onClick={() => !props.busy && props.onYes()}>
            {texts.yes}
          </button>
          <button type="button" className="button" onClick={props.onNo}>
            {texts.no}
          </button>
        </div>
      </div>
    </div>
  );
}
