/** How long checks wait, and the files that they source. */
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Findings } from './finding.ts';
import { openScript, type LintedScript } from './script.ts';

/** Seconds at a time (docs/labs/format.md, rules for checks). */
const LONGEST_WAIT_S = 15;
const WAITS = [/\b(?:until_true|wait_for|expect_soon) (\d+)/g, /\bkubectl (?:[^|;&]*\s)?wait\b[^|;&]*--timeout[= ](\d+)s/g];
const SOURCED = /^\s*(?:\.|source)\s+"?\$\{BASH_SOURCE(?:\[0\])?%\/\*\}\/([\w./-]+\.sh)"?/;

/** @param seen paths of files that were looked at, which several checks may source. */
export function lintWaits(root: string, script: LintedScript, seen: Set<string>, findings: Findings): void {
  if (seen.has(script.path)) return;
  seen.add(script.path);
  script.code.forEach((line, index) => {
    for (const seconds of WAITS.flatMap((pattern) => [...line.matchAll(pattern)].map(([, found]) => Number(found)))) {
      if (seconds <= LONGEST_WAIT_S) continue;
      findings.addAt('warning', 'WAIT_TOO_LONG', script, index, `The check waits for ${seconds} s, which a candidate waits for as well.`);
    }
    const sourced = SOURCED.exec(line)?.[1];
    if (sourced === undefined) return;
    const path = posix.join(posix.dirname(script.path), sourced);
    // Strangers' packs name what they like.
    if (!path.startsWith('..') && existsSync(join(root, path))) lintWaits(root, openScript(root, { path }), seen, findings);
  });
}
