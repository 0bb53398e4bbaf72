import { Cross } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { roomTexts } from './texts.ts';

export interface News {
  readonly id: string;
  readonly kind: 'info' | 'warn' | 'good';
  readonly title: string;
  readonly text?: string;
  /** What follows from it. */
  readonly more?: string;
}

/** What just happened: read out when it appears, there until it is put away. */
export function NewsList({ news, onDismiss }: { readonly news: readonly News[]; readonly onDismiss: (id: string) => void }) {
  const texts = useTexts(roomTexts);
  return (
    <div className="news" role="log" aria-live="assertive">
      {news.map(({ id, kind, title, text, more }) => (
        <div key={id} className={`notice ${kind}`}>
          <div>
            <strong>{title}</strong>
            {text !== undefined && <p>{text}</p>}
            {more !== undefined && <p>{more}</p>}
          </div>
          <button type="button" className="button quiet icon" aria-label={`${texts.dismiss}: ${title}`} onClick={() => onDismiss(id)}>
            <Cross />
          </button>
        </div>
      ))}
    </div>
  );
}
