import { useTexts } from '../i18n/texts.ts';
import { Dialog } from './dialog.tsx';
import { roomTexts } from './texts.ts';
import { useLetterKeys } from './use-keys.ts';

/** Every key of the room. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const { sheet } = useTexts(roomTexts);
  const [letters, setLetters] = useLetterKeys();
  return (
    <Dialog title={sheet.title} onClose={onClose} wide>
      <div className="stack">
        <p className="muted">{sheet.text}</p>
        <div className="sheet">
          {sheet.groups.map(({ title, keys }) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>
                {keys.map(([key, does]) => (
                  <div key={key}>
                    <dt>
                      <kbd>{key}</kbd>
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <label className="switch">
          <input type="checkbox" checked={letters} onChange={({ target }) => setLetters(target.checked)} />
          {sheet.letters}
        </label>
      </div>
    </Dialog>
  );
}
