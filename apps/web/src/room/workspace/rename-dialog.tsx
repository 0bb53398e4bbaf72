import { useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Dialog } from '../dialog.tsx';
import { roomTexts } from '../texts.ts';

/** A name of one's own for a terminal; none gives it back the title that its programs set. */
export function RenameDialog(props: { readonly name: string; readonly onName: (name: string) => void; readonly onClose: () => void }) {
  const { workspace: texts } = useTexts(roomTexts);
  const [name, setName] = useState(props.name);
  return (
    <Dialog title={texts.renameTitle} onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          props.onName(name.trim());
        }}
      >
        <div className="field">
          <label htmlFor="terminal-name">{texts.renameLabel}</label>
          <input id="terminal-name" maxLength={40} value={name} data-first onChange={({ target }) => setName(target.value)} />
          <span className="hint">{texts.renameHint}</span>
        </div>
        <div className="actions">
          <button type="submit" className="button primary">
            {texts.renameNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
