import type { Shape } from '../api/client.ts';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { reviewTexts } from './texts.ts';

/** When and why the result was made anew, and what it was before. */
export function Regrades({ regrades }: { readonly regrades: Shape<'AttemptResult'>['regrades'] }) {
  const { regrades: texts } = useTexts(reviewTexts);
  if (regrades.length === 0) return null;
  return (
    <section aria-labelledby="regrades">
      <h2 id="regrades">{texts.title}</h2>
      <ul className="rows card">
        {regrades.map(({ regradeId, at, reason, earlier, statements }) => (
          <li key={regradeId}>
            <div>
              <h3>{reason}</h3>
              <p className="muted small">{texts.row(formatMoment(at), earlier.percent)}</p>
              {statements.map(({ questionId, checkId, statement }) => (
                <p key={`${questionId} ${checkId ?? ''}`} className="small">
                  {statement}
                </p>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
