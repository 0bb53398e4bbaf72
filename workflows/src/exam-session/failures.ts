import type { Failure } from '@ckx/contracts';
import { classify } from '@ckx/failure-classification';
import { rootCause } from '@temporalio/workflow';
import type { ExamSession } from './session.ts';

/** What the session failed of; while it is being built, with the step that was under way. */
export function classifyFailure(cause: unknown, session: ExamSession): Failure {
  if (session.state === 'created') return classify({ step: 'admitted', cause });
  return classify({ step: session.state === 'initializing' ? (session.step ?? undefined) : undefined, cause });
}

/** The innermost sentence of an error. */
export function messageOf(error: unknown): string {
  return rootCause(error) ?? String(error);
}
