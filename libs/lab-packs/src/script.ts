import { spawnSync } from 'node:child_process';
import type { PackFiles } from './files.ts';
import type { PackScript } from './pack.ts';
import type { Problems } from './problems.ts';

/** A script, or why there is none to run. */
export type ScriptReading = { readonly script: PackScript; readonly fault: null } | { readonly script: null; readonly fault: string };

/**
 * Finds a script of the pack and checks its syntax with `bash -n` where bash exists. What is wrong is recorded as a warning: the pack
 * stays usable, and the check in question is errored.
 */
export function readScript(files: PackFiles, path: string, problems: Problems): ScriptReading {
  const fault = (place: string, message: string): ScriptReading => {
    problems.warning(place, message);
    return { script: null, fault: `${place}: ${message}` };
  };
  const content = files.bytes(path);
  if (content === undefined) return fault(path, 'The script is missing.');
  const text = files.text(path);
  if (text === null) return { script: null, fault: `${path}: The script is not UTF-8 text.` };
  if (content.includes('\r\n')) problems.warning(path, 'The script has Windows line ends; it is run with Unix ones.');
  const syntax = syntaxErrorOf(files, path, text);
  if (syntax) return fault(`${path}:${syntax.line}`, `The script has a syntax error: ${syntax.message}.`);
  return { script: { path }, fault: null };
}

/** A script that many checks name is asked about once. */
const asked = new WeakMap<PackFiles, Map<string, ReturnType<typeof syntaxError>>>();

function syntaxErrorOf(files: PackFiles, path: string, text: string): ReturnType<typeof syntaxError> {
  const known = asked.get(files) ?? new Map<string, ReturnType<typeof syntaxError>>();
  asked.set(files, known);
  const answer = known.has(path) ? (known.get(path) ?? null) : syntaxError(text);
  known.set(path, answer);
  return answer;
}

/** What bash says against a script, first complaint; null where it says nothing or where there is no bash to ask. */
function syntaxError(text: string): { line: string; message: string } | null {
  const { stderr, status } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8', timeout: 5_000 });
  if (status === null || status === 0) return null;
  const complaint = /line (\d+): (.*)/.exec(stderr);
  return { line: complaint?.[1] ?? '1', message: complaint?.[2] ?? 'bash cannot read it' };
}
