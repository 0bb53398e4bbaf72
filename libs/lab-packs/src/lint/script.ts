import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackScript } from '../pack.ts';

/** A script with its lines as they are, and without comments: a comment that names an image or a host asks for nothing. */
export interface LintedScript {
  readonly path: string;
  readonly lines: readonly string[];
  readonly code: readonly string[];
}

/** Characters of a line: rules must not take long over what strangers send. */
const LINE_LOOKED_AT = 1_000;

export function openScript(root: string, { path }: PackScript): LintedScript {
  const lines = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n').split('\n');
  return { path, lines, code: lines.map((line) => line.slice(0, LINE_LOOKED_AT).replace(/(^|\s)#(?!!).*$/, '$1')) };
}

/** Commands that succeed whatever they find. */
const SUCCEEDS = /^(exit 0|true|:|pass|echo|printf|note)(\s[^|&;]*)?$/;
/** Ends that turn any answer into success. */
const FORGIVES = /\|\|\s*(true|:|exit 0|echo\b[^|&;]*)\s*;?$/;
/** Words by which a script can say no. */
const SAYS_NO =
  /\b(exit\s+["$]*[^\s0;)]|fail\b|expect\w*\b|wait_for\b|undecided\b|false\b|return\s+["$]*[^\s0;)]|set -\w*e|set -o errexit)/;
/** What only steers; a condition alone decides nothing. */
const STEERS = /^(if|elif|else|fi|then|for|while|until|do|done|case|esac|\}|\.|source)(\s|$)/;

/** Whether a script succeeds whatever it finds, as far as can be told without running it. In doubt it does not. */
export function cannotFail({ code }: LintedScript): boolean {
  const commands = code.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#!'));
  const last = commands.at(-1);
  if (last === undefined) return true;
  if (SAYS_NO.test(commands.join('\n'))) return false;
  if (SUCCEEDS.test(last) || FORGIVES.test(last)) return true;
  if (/^(\.|source)\s/.test(last)) return true;
  if (!/^(fi|done|esac)$/.test(last)) return false;
  return commands.every((command) => STEERS.test(command) || SUCCEEDS.test(command) || FORGIVES.test(command));
}
