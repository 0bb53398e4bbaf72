import type { Verdict } from '@ckx/contracts';

/** How a check's script ended. */
export interface CheckExit {
  /** null when the script was ended from outside: by its time limit, or with its container. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly stderr: string;
  /** The limit it ran under, for the sentence. */
  readonly timeoutMs: number;
}

export interface Decision {
  readonly verdict: Verdict;
  /** Why it could not be decided, a sentence; only when errored. */
  readonly reason?: string;
}

/** bash's own complaint about the script it was given, with the line: the script never came to an answer. */
const SYNTAX_ERROR = /^.*: line (\d+): (?:syntax error|unexpected EOF).*$/m;

/** kubectl's sentence when the command it ran in a container of the candidate's ended so: an answer about that container. */
const ENDED_IN_CONTAINER = 'command terminated with exit code';

/** The exit code by which a check itself says that it cannot decide, such as when the API does not answer (EX_TEMPFAIL of sysexits). */
const UNDECIDED = 75;

/** Exit codes by which a shell says that a command was not run: not executable, not found (POSIX 2.8.2). */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
/** Above this a shell reports the signal that ended its last command. */
const SIGNAL_BASE = 128;

/**
 * Decides a check by how its script ended. Exit code 0 has passed and any other answer has failed, as in CK-X; but a script that gave
 * no answer (time limit, exit code 75, syntax error, a tool the grader lacks, killed) is errored: a fault of ours never scores as a wrong answer.
 */
export function verdictOf({ exitCode, timedOut, stderr, timeoutMs }: CheckExit): Decision {
  if (timedOut) return errored(`The check gave no answer within its limit of ${timeoutMs / 1_000} s.`);
  if (exitCode === null) return errored('The check was ended before it gave an answer.');
  if (exitCode === 0) return { verdict: 'passed' };
  if (exitCode === UNDECIDED) return errored('The check said that it could not decide (exit code 75).');
  const syntaxError = exitCode === 2 ? SYNTAX_ERROR.exec(stderr) : null;
  if (syntaxError) return errored(`The check's script has a syntax error at line ${syntaxError[1]}.`);
  if (stderr.includes(ENDED_IN_CONTAINER)) return { verdict: 'failed' };
  if (exitCode === NOT_EXECUTABLE) return errored('The check called a command that could not be executed (exit code 126).');
  if (exitCode === NOT_FOUND) return errored('The check called a command that the grader does not have (exit code 127).');
  // Codes such as 255 are answers that programs choose themselves; signals end at 64 (SIGRTMAX).
  if (exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + 64) return errored(`The check was ended by signal ${exitCode - SIGNAL_BASE}.`);
  return { verdict: 'failed' };
}

function errored(reason: string): Decision {
  return { verdict: 'errored', reason };
}
