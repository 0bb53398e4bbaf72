import { Component, type ReactNode } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Warning } from './icons.tsx';
import { Message } from './messages.tsx';
import { Page } from './page.tsx';
import { sharedTexts } from './texts.ts';

interface State {
  readonly error: Error | null;
}

/** Says that a page broke, in place of an empty one. Another page is tried anew. */
export class ErrorBoundary extends Component<{ readonly place: string; readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: { readonly place: string }): void {
    if (before.place !== this.props.place && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />;
  }
}

/** A part that a newer release no longer has is not found under its old name. */
const isStale = (error: Error) => /dynamically imported module|module script failed/i.test(error.message);

function Broken({ error }: { readonly error: Error }) {
  const texts = useTexts(sharedTexts);
  const { title, text } = isStale(error) ? texts.stale : texts.broken;
  return (
    <Page title={title}>
      <Message icon={<Warning size={40} />} title={title} text={text}>
        <button type="button" className="button primary" onClick={() => location.reload()}>
          {texts.broken.reload}
        </button>
      </Message>
      {!isStale(error) && (
        <details className="card">
          <summary>{texts.broken.details}</summary>
          <p className="figure">{error.message}</p>
        </details>
      )}
    </Page>
  );
}
