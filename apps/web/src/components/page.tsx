import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

/** The part of a page between header and footer: names the tab, and takes the focus when somebody comes here by a link. */
export function Page({
  title,
  className,
  children,
}: {
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const main = useRef<HTMLElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    document.title = title === 'CKX' ? title : `${title} · CKX`;
  }, [title]);
  useEffect(() => {
    // The first page of a visit is read from its top; the ones after it from their content.
    if (key !== 'default') main.current?.focus({ preventScroll: true });
  }, [key]);
  return (
    <main id="content" ref={main} tabIndex={-1} className={className ?? 'inner'}>
      {children}
    </main>
  );
}

/** A heading with a sentence. */
export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}
