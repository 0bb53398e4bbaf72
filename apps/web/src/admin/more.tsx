import { useTexts } from '../i18n/texts.ts';
import { adminTexts } from './texts.ts';

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** The next page of a list, below what is shown. */
export function More({ list: { hasNextPage, isFetchingNextPage, fetchNextPage } }: { readonly list: Paged }) {
  const texts = useTexts(adminTexts);
  if (!hasNextPage) return null;
  return (
    <div className="actions">
      <button
        type="button"
        className="button"
        aria-disabled={isFetchingNextPage}
        onClick={() => !isFetchingNextPage && void fetchNextPage()}
      >
        {isFetchingNextPage ? texts.loadingMore : texts.more}
      </button>
    </div>
  );
}
