import { useTexts } from '../i18n/texts.ts';
import { Dialog } from './dialog.tsx';
import { roomTexts } from './texts.ts';

export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const { sheet } = useTexts(roomTexts);
  return (
    <Dialog title={sheet.title} onClose={onClose}>
      <div className="stack">
        <p className="muted">{sheet.text}</p>
        <dl className="sheet">
          {sheet.keys.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
