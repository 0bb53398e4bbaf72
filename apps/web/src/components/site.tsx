import { useQuery } from '@tanstack/react-query';
import { Suspense, useState, type ReactNode } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { meQuery } from '../api/queries.ts';
import { signOut } from '../auth/deeds.ts';
import { loginPath } from '../auth/redirect.ts';
import { useStanding } from '../auth/use-standing.ts';
import { useTexts } from '../i18n/texts.ts';
import { Banners } from './banners.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Half, Moon, Person, Sun } from './icons.tsx';
import { LoadingPage } from './loading.tsx';
import { Logo } from './logo.tsx';
import { sharedTexts } from './texts.ts';
import { chooseTheme, chosenTheme, THEMES } from './theme.ts';

/** Header, page, footer. The exam room stands alone, without them. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const texts = useTexts(sharedTexts);
  const { pathname } = useLocation();
  const member = useStanding().kind === 'member';
  return (
    <div className="page">
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <Header />
      <Banners />
      <ErrorBoundary place={pathname}>
        <Suspense fallback={<LoadingPage />}>{children}</Suspense>
      </ErrorBoundary>
      <footer className="site-footer">
        <div className="inner">
          <span>{texts.about}</span>
          {member && <Link to="/support">{texts.support}</Link>}
          <a href="/api/docs">{texts.documentation}</a>
          <ThemeButton />
        </div>
      </footer>
    </div>
  );
}

export function Site() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}

function Header() {
  const texts = useTexts(sharedTexts);
  const member = useStanding().kind === 'member';
  const { data: me } = useQuery({ ...meQuery, enabled: member });
  return (
    <header className="site-header">
      <div className="inner">
        <Link to="/" aria-label={texts.home}>
          <Logo />
        </Link>
        <nav aria-label={texts.mainNavigation}>
          {member && <NavLink to="/dashboard">{texts.dashboard}</NavLink>}
          <NavLink to="/labs">{texts.labs}</NavLink>
          <NavLink to="/pricing">{texts.pricing}</NavLink>
          {member && <NavLink to="/history">{texts.history}</NavLink>}
          {me?.role === 'admin' && <NavLink to="/admin">{texts.administration}</NavLink>}
        </nav>
        <Account />
      </div>
    </header>
  );
}

function Account() {
  const texts = useTexts(sharedTexts);
  const standing = useStanding();
  const location = useLocation();
  const [failed, setFailed] = useState(false);
  const { data: me } = useQuery({ ...meQuery, enabled: standing.kind === 'member' });
  if (standing.kind === 'visitor') {
    // From the pages that ask for an account one does not want to be led back to them.
    const asks = ['/login', '/register', '/forgot-password', '/reset-password', '/verify-email', '/change-email'].includes(
      location.pathname,
    );
    return (
      <div className="account">
        <Link className="button quiet" to={asks ? '/login' : loginPath(location)}>
          {texts.signIn}
        </Link>
        <Link className="button primary" to="/register">
          {texts.register}
        </Link>
      </div>
    );
  }
  return (
    <div className="account">
      {failed && (
        <span className="tag bad" role="alert">
          {texts.signOutFailed}
        </span>
      )}
      {me !== undefined && (
        <Link className="name" to="/account" aria-label={texts.account(me.name)}>
          <Person />
          <span>{me.name}</span>
        </Link>
      )}
      {standing.kind === 'member' && (
        <button type="button" className="button quiet" onClick={() => void signOut().catch(() => setFailed(true))}>
          {texts.signOut}
        </button>
      )}
    </div>
  );
}

const SYMBOLS = { system: Half, light: Sun, dark: Moon };

function ThemeButton() {
  const texts = useTexts(sharedTexts);
  const [theme, setTheme] = useState(chosenTheme);
  const Symbol = SYMBOLS[theme];
  return (
    <button
      type="button"
      className="button quiet"
      onClick={() => {
        const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <Symbol />
      {texts.theme[theme]}
    </button>
  );
}
