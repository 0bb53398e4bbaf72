import type { PackProblem } from '../pack.ts';
import type { LintedScript } from './script.ts';

/** Every rule: what to do about a finding of it. The codes are stable; tools and comments name them. */
const REMEDIES = {
  PACK_FORMAT: 'Correct the file as docs/labs/format.md describes it.',
  WEIGHTS_ZERO: 'Give the checks weights: points that they are worth.',
  QUESTION_WORTHLESS: 'Give its checks weights, or remove the question.',
  QUESTION_DOMINATES: 'Share the points out more evenly, or split the question.',
  CHECK_WORTHLESS: 'Give the check a weight, or remove it.',
  TIME_TOO_SHORT: 'Raise durationMinutes, or lower the target times.',
  DRAW_UNEVEN: 'Give the questions of the pool equal weights, so that every draw is worth about the same.',
  SOLUTION_MISSING: 'Write solution.sh: what a good candidate would have typed.',
  WRONG_ANSWER_EARNS_ALL: 'Name in `passes` the checks that pass in spite of the mistake, and have one that finds it.',
  CHECK_CANNOT_FAIL: 'Let the check end with an exit code other than 0 where the work is not done.',
  IMAGE_UNPINNED: 'Name a tag other than latest, or a digest.',
  IMAGE_UNDECLARED: 'Use an image that images/README.md lists, or ask for egress in lab.yaml.',
  HOST_UNREACHABLE: 'Use what the environment has: no script and no session can reach other hosts.',
  DOCUMENTATION_HOST: 'Link to the official documentation, which candidates may read in the exam.',
  CHECK_NAME_UNKNOWN: 'Name it in question.md, in backticks, or correct the check.',
  TEXT_NAME_UNKNOWN: 'Spell the name alike in text, setup and checks.',
  NAMESPACE_NOT_OWN: 'Leave it out, and write "$CKX_NAMESPACE" in scripts: a session has one namespace, which is named after it.',
  NEEDS_NOT_TOGETHER: 'Ask for a cluster of its own, or leave out what only such a one can have.',
  NAMESPACE_UNNAMED: 'Name the namespace in question.md, in backticks.',
  SETUP_NOT_STRICT: 'Begin the setup with `set -e`.',
  SETUPS_COLLIDE: 'Give each question its own, let a file that takes a lock make it for all, or say `setupSerial: true`.',
  WAIT_TOO_LONG: 'Wait for at most 15 s at a time: the grader has waited until the cluster is at rest.',
  SCRIPT_NOT_EXECUTABLE: 'Call it with `bash <file>`, or source it: files of a pack are staged without execute permission.',
  SHEBANG_IGNORED: 'Write the script for bash, or call the other interpreter from it.',
} as const;
export type LintCode = keyof typeof REMEDIES;

/** Something an author should look at. `error` keeps a pack from being used. */
export interface LintFinding extends PackProblem {
  readonly code: LintCode;
  /** Relative to the pack's root; `.` for the pack as a whole. */
  readonly file: string;
  /** Counted from 1; null where the finding is about the file as a whole. */
  readonly line: number | null;
  readonly remedy: string;
}

/** Says that a rule is broken on purpose, on the line in question or the one before: `# ckx-lint: allow IMAGE_UNDECLARED`. */
const ALLOWED = /ckx-lint: allow ([A-Z_, ]+)/;

/** Collects findings in the order found. */
export class Findings {
  readonly found: LintFinding[] = [];

  add(level: PackProblem['level'], code: LintCode, file: string, message: string, line: number | null = null): void {
    const place = line === null ? file : `${file}:${line}`;
    this.found.push({ level, code, file, line, place, message, remedy: REMEDIES[code] });
  }

  /** A finding about a line of a script, which may say itself that it is on purpose. */
  addAt(level: PackProblem['level'], code: LintCode, script: LintedScript, index: number, message: string): void {
    const allowed = [script.lines[index - 1], script.lines[index]].some((line) =>
      ALLOWED.exec(line ?? '')?.[1]
        ?.split(/[ ,]+/)
        .includes(code),
    );
    if (!allowed) this.add(level, code, script.path, message, index + 1);
  }
}

/** What keeps a pack from being read, or was noted meanwhile, as a finding. */
export function findingOf({ level, place, message }: PackProblem): LintFinding {
  const [, file = place, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(place) ?? [];
  return { level, code: 'PACK_FORMAT', file, line: line === undefined ? null : Number(line), place, message, remedy: REMEDIES.PACK_FORMAT };
}
