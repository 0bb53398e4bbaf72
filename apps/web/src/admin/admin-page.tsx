import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { Page, PageHead } from '../components/page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { adminTexts } from './texts.ts';

/** A page of the administration: the way to the others, and its own content. */
export function AdminPage({ title, text, children }: { readonly title: string; readonly text?: string; readonly children: ReactNode }) {
  const texts = useTexts(adminTexts);
  return (
    <Page title={`${title} · ${texts.title}`} className="inner admin">
      <nav className="admin-nav" aria-label={texts.parts}>
        {Object.entries(texts.sections).map(([path, name]) => (
          <NavLink key={path} to={`/admin/${path}`}>
            {name}
          </NavLink>
        ))}
      </nav>
      <PageHead title={title}>{text}</PageHead>
      {children}
    </Page>
  );
}
