import { lazy, Suspense } from 'react';
import type { Shape } from '../api/client.ts';
import { useTexts } from '../i18n/texts.ts';
import { reviewTexts } from './texts.ts';

/** Loaded when somebody looks: most of it is the reading of markdown. */
const Markdown = lazy(async () => ({ default: (await import('../room/markdown.tsx')).SafeMarkdown }));

const asCode = (code: string) => <code>{code}</code>;
const isPage = (address: string) => /^https?:\/\//.test(address);

type Given = NonNullable<Shape<'AttemptResult'>['questions'][number]['solution']>;

/** What would have been right. Text of the pack: never HTML of its own, and links only to whole addresses. */
export function Solution({ solution: { script, explanation, documentation } }: { readonly solution: Given }) {
  const { solution: texts } = useTexts(reviewTexts);
  return (
    <div className="solution">
      {explanation !== null && (
        <div className="prose">
          <Suspense>
            <Markdown text={explanation} renderCode={asCode} />
          </Suspense>
        </div>
      )}
      {script !== null && (
        <>
          <p className="muted small">{texts.script}</p>
          <pre tabIndex={0}>{script}</pre>
        </>
      )}
      {documentation.length > 0 && (
        <>
          <p className="muted small">{texts.documentation}</p>
          <ul>
            {documentation.filter(isPage).map((address) => (
              <li key={address}>
                <a href={address} target="_blank" rel="noopener noreferrer">
                  {address}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
