import type { CheckId, CheckResult, QuestionId, QuestionResult, RegradeStatement } from '@ckx/contracts';

/** What of a pack a regrade reads. */
export interface GradingRules {
  readonly questions: readonly {
    readonly id: QuestionId;
    readonly checks: readonly {
      readonly id: CheckId;
      readonly description: string;
      readonly weight: number;
      /** Of what runs; null where there is no script. */
      readonly digest: string | null;
    }[];
  }[];
}

type Rule = GradingRules['questions'][number]['checks'][number];

interface Regraded {
  /** What counts by the corrected pack; questions without checks where all of theirs were dropped. */
  readonly results: readonly QuestionResult[];
  readonly statements: readonly RegradeStatement[];
}

/**
 * Grades an attempt again by a corrected pack, from its stored verdicts: the environment is gone, so nothing runs again. Weights and
 * descriptions are taken over, dropped checks count no more, new ones do not count; the verdict of a check whose script was changed stands.
 * Each of that is said in a sentence.
 *
 * @param stored all results that are kept, of every check that ran.
 * @param ran the pack whose scripts gave those verdicts; null where nobody has it any more.
 */
export function regrade(stored: readonly QuestionResult[], ran: GradingRules | null, corrected: GradingRules): Regraded {
  const statements: RegradeStatement[] = [];
  const results = stored.map(({ questionId, checks }): QuestionResult => {
    const rules = checksOf(corrected, questionId);
    const say = (checkId: CheckId | null, statement: string) => statements.push({ questionId, checkId, statement });
    if (rules === undefined) {
      say(null, 'The question is no longer part of the lab: it counts no more.');
      return { questionId, checks: [] };
    }
    const kept = checks.flatMap((check) => {
      const rule = rules.find(({ id }) => id === check.checkId);
      if (rule === undefined) {
        say(check.checkId, `The check was dropped (“${check.description}”): it counts no more.`);
        return [];
      }
      for (const statement of changesOf(check, rule, ran === null ? null : digestOf(ran, questionId, rule.id))) say(rule.id, statement);
      return [{ ...check, description: rule.description, weight: rule.weight }];
    });
    for (const { id } of rules.filter(({ id }) => !checks.some(({ checkId }) => checkId === id))) {
      say(id, 'The check is new: it did not run in this attempt, and does not count in it.');
    }
    return { questionId, checks: kept };
  });
  return { results, statements };
}

/** @param digest of what ran; null where nobody knows. */
function changesOf(check: CheckResult, rule: Rule, digest: string | null): string[] {
  const said: string[] = [];
  if (check.weight !== rule.weight && check.verdict !== 'errored') said.push(`It counts ${rule.weight} instead of ${check.weight}.`);
  if (check.verdict === 'errored') {
    said.push('It could not be decided, and nothing that is kept decides it: it stays open.');
  } else if (digest === null) {
    said.push(`Nobody can tell whether its script was changed, for what ran is gone: its verdict (${check.verdict}) stands.`);
  } else if (digest !== rule.digest) {
    said.push(`Its script was changed. The environment is gone, so it was not run again: its verdict (${check.verdict}) stands.`);
  }
  return said;
}

function checksOf(rules: GradingRules, questionId: QuestionId): readonly Rule[] | undefined {
  return rules.questions.find(({ id }) => id === questionId)?.checks;
}

function digestOf(rules: GradingRules, questionId: QuestionId, checkId: CheckId): string | null {
  return checksOf(rules, questionId)?.find(({ id }) => id === checkId)?.digest ?? null;
}
