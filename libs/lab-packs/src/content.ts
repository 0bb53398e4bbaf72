import type { EnvironmentNeeds, LabPin, LabSummary } from '@ckx/contracts';
import type { PackQuestion } from './pack.ts';

/** What either format's reader finds in a pack. */
export interface LabContent extends Omit<LabSummary, 'questionCount' | 'domains'> {
  readonly needs: EnvironmentNeeds;
  /** How many questions each session is asked; null for all. */
  readonly draw: number | null;
  readonly questions: readonly PackQuestion[];
}

export function summaryOf({ needs: _needs, draw, questions, ...about }: LabContent): LabSummary {
  const names = [...new Set(questions.map(({ view }) => view.domain))];
  const domains = names.map((domain) => ({ domain, questions: questions.filter(({ view }) => view.domain === domain).length }));
  return { ...about, questionCount: draw ?? questions.length, domains };
}

/** What a session's workflow needs to know of the lab, with all its questions: see drawnPin. */
export function pinOf(content: LabContent, digest: LabPin['digest']): LabPin {
  const { id, category, type, passPercent, needs } = content;
  const questions = content.questions.map(({ view, setup, setupSerial, checks }) => ({
    id: view.id,
    title: view.title,
    domain: view.domain,
    hasSetup: setup.length > 0,
    ...(setup.length > 0 && !setupSerial ? { setupBeside: true } : {}),
    checkIds: checks.map((check) => check.id),
  }));
  return { id, digest, category, type, durationMs: content.durationMinutes * 60_000, passPercent, needs, questions };
}
