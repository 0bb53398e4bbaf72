import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import { useTexts } from '../i18n/texts.ts';
import { useExplain } from './explain.ts';
import { Info, Plug, Search, Warning } from './icons.tsx';
import { Page } from './page.tsx';
import { sharedTexts } from './texts.ts';

/** A page that says one thing and what to do about it. */
export function Message(props: { readonly icon: ReactNode; readonly title: string; readonly text: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      {props.icon}
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      <div className="actions">{props.children}</div>
    </div>
  );
}

export function NotFound() {
  const texts = useTexts(sharedTexts);
  return (
    <Page title={texts.notFound.title}>
      <Message icon={<Search size={40} />} {...texts.notFound}>
        <Link className="button primary" to="/labs">
          {texts.toLabs}
        </Link>
        <Link className="button" to="/">
          {texts.toStart}
        </Link>
      </Message>
    </Page>
  );
}

/** Nothing here is theirs. */
export function NoAccess() {
  const texts = useTexts(sharedTexts);
  return (
    <Page title={texts.noAccess.title}>
      <Message icon={<Info size={40} />} {...texts.noAccess}>
        <Link className="button primary" to="/labs">
          {texts.toLabs}
        </Link>
      </Message>
    </Page>
  );
}

/** In place of a page whose content could not be read. */
export function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const texts = useTexts(sharedTexts);
  const explain = useExplain();
  if (error instanceof ApiProblem && error.status === 403) return <NoAccess />;
  if (error instanceof ApiProblem && (error.status === 404 || error.code === 'VALIDATION_FAILED')) return <NotFound />;
  const away = error instanceof Unreachable;
  const title = away ? texts.unreachableTitle : texts.serverFault.title;
  return (
    <Page title={title}>
      <Message icon={away ? <Plug size={40} /> : <Warning size={40} />} title={title} text={away ? texts.unreachableText : explain(error)}>
        <button type="button" className="button primary" onClick={onRetry}>
          {texts.tryAgain}
        </button>
      </Message>
    </Page>
  );
}
