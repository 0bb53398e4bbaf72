import { useTexts } from '../i18n/texts.ts';
import { roomTexts } from './texts.ts';

/** Puts text on the clipboard. @returns false where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A name that is copied by a click, or by Enter. Where that is not allowed it is selected, so that the keyboard can. */
export function Copyable({ code, onCopied }: { readonly code: string; readonly onCopied: (message: string) => void }) {
  const texts = useTexts(roomTexts);
  return (
    <button
      type="button"
      className="copyable"
      title={texts.copyHint}
      onClick={({ currentTarget }) => {
        void copyText(code).then((done) => {
          if (!done) getSelection()?.selectAllChildren(currentTarget);
          onCopied(done ? texts.copied(code) : texts.notCopied);
        });
      }}
    >
      <code>{code}</code>
    </button>
  );
}
