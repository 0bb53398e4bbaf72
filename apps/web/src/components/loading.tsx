import { useTexts } from '../i18n/texts.ts';
import { Page } from './page.tsx';
import { sharedTexts } from './texts.ts';

/** The room that content will take; told to those who do not see it. */
export function Skeleton({ height }: { readonly height: string }) {
  return <div className="skeleton" style={{ height }} aria-hidden="true" />;
}

export function LoadingPage() {
  const texts = useTexts(sharedTexts);
  return (
    <Page title="CKX">
      <p className="visually-hidden" role="status">
        {texts.loading}
      </p>
      <div className="stack">
        <Skeleton height="3rem" />
        <Skeleton height="14rem" />
      </div>
    </Page>
  );
}
