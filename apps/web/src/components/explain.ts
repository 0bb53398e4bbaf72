import { ApiProblem, Unreachable } from '../api/problem.ts';
import { useTexts } from '../i18n/texts.ts';
import { sharedTexts } from './texts.ts';

/** A sentence for a person about what went wrong; the server's own where it says more than we know. */
export function useExplain(): (error: unknown) => string {
  const texts = useTexts(sharedTexts);
  return (error) => {
    if (error instanceof Unreachable) return `${texts.unreachableTitle}. ${texts.unreachableText}`;
    if (!(error instanceof ApiProblem)) return texts.serverFault.text;
    if (error.status >= 500 && error.code !== 'QUEUE_FULL' && error.code !== 'MAINTENANCE') return texts.serverFault.text;
    return texts.codes[error.code] ?? error.message;
  };
}

/** What the server said about each field that it refused. */
export function faultsByField(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries((error.problem.errors ?? []).map(({ path, message }) => [path, message]));
}
