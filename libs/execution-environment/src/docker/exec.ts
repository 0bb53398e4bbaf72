/** Commands inside containers, with a time limit that ends whatever they left running and output that cannot fill memory. */
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { CkxError } from '@ckx/contracts';
import type Docker from 'dockerode';
import type { ExecRequest, ExecResult } from '../provider.ts';
import { engineCall } from './errors.ts';
import { BoundedOutput, demultiplex } from './output.ts';

/** Each process that a command starts carries this variable, whatever session or group it moves to. */
const MARK = 'CKX_EXEC';

/** Ends every process that carries the mark `$1`: again until none is left, since one may start another meanwhile. */
const SWEEP = `sweep() {
  local pids
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    pids=$(grep -lzsxF "${MARK}=$1" /proc/[0-9]*/environ | cut -d/ -f3)
    [ -z "$pids" ] && return 0
    kill -KILL $pids 2>/dev/null
  done
}`;

/**
 * The command runs under \`timeout\`, in a process group of its own; what it left behind is ended before this shell ends, so that
 * the output closes with it. $1 the mark, $2 the limit in seconds, then the command.
 */
const RUN = `${SWEEP}
mark=$1 limit=$2; shift 2
env "${MARK}=$mark" timeout --signal=KILL "$limit" "$@"
code=$?
sweep "$mark"
exit $code`;

/** How long the engine may take to start a command and to report its end, on top of the command's own limit. */
const ENGINE_GRACE_MS = 15_000;

/** 128 + SIGKILL: what \`timeout\` answers when it had to kill. */
const KILLED = 137;

/** Thrown where the container is gone or not running: a repeat may find it again. */
function notRunning(cause: unknown): CkxError {
  return new CkxError('operational', 'CONTAINER_NOT_RUNNING', 'The container in which the command was to run is not running.', { cause });
}

/**
 * Runs a command as root in a running container that has bash and coreutils. When this returns, the command and all that it started
 * are gone.
 *
 * @throws CkxError operational: `CONTAINER_NOT_RUNNING`, `EXEC_STUCK` where the engine did not report the end in time. @throws the
 *   signal's reason where that ended it.
 */
export async function runInContainer(container: Docker.Container, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  const mark = randomUUID();
  const limit = new AbortController();
  const stuck = setTimeout(() => limit.abort(), request.timeoutMs + ENGINE_GRACE_MS);
  const either = AbortSignal.any([signal, limit.signal]);
  const stdout = new BoundedOutput(request.outputLimitBytes);
  const stderr = new BoundedOutput(request.outputLimitBytes);
  const startedAt = performance.now();
  try {
    signal.throwIfAborted();
    const exec = await engineCall(() =>
      container.exec({
        Cmd: ['bash', '-c', RUN, 'ckx-run', mark, (request.timeoutMs / 1_000).toFixed(3), ...request.command],
        Env: Object.entries(request.env ?? {}).map(([name, value]) => `${name}=${value}`),
        ...(request.cwd === undefined ? {} : { WorkingDir: request.cwd }),
        User: '0:0',
        AttachStdout: true,
        AttachStderr: true,
      }),
    );
    const stream = await engineCall(() => exec.start({ hijack: true, stdin: false }));
    await pipeline(stream, demultiplex({ stdout, stderr }), { signal: either });
    const { ExitCode, Running } = await engineCall(() => exec.inspect());
    if (Running || ExitCode === null) throw notRunning(undefined);
    const durationMs = Math.round(performance.now() - startedAt);
    const timedOut = ExitCode === KILLED && durationMs >= request.timeoutMs;
    return {
      exitCode: timedOut ? null : ExitCode,
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      droppedBytes: stdout.droppedBytes + stderr.droppedBytes,
      timedOut,
      durationMs,
    };
  } catch (error) {
    if (either.aborted) {
      await sweep(container, mark);
      signal.throwIfAborted();
      throw new CkxError('operational', 'EXEC_STUCK', 'The Docker engine did not report the end of a command in time.', { cause: error });
    }
    if (error instanceof CkxError && [404, 409].includes(Number(error.details['status']))) throw notRunning(error);
    throw error;
  } finally {
    clearTimeout(stuck);
  }
}

/** Ends what a command with this mark left; the shell around it ends by itself once its child is gone. */
async function sweep(container: Docker.Container, mark: string): Promise<void> {
  const exec = await engineCall(() => container.exec({ Cmd: ['bash', '-c', `${SWEEP}\nsweep "$1"`, 'ckx-sweep', mark], User: '0:0' }));
  await engineCall(() => exec.start({ Detach: true }));
}

/**
 * Runs a short command of our own and answers its output.
 *
 * @throws CkxError operational `COMMAND_FAILED` with what it printed, where it did not exit with 0.
 */
export async function runOwn(container: Docker.Container, script: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const command = ['bash', '-euc', script, 'ckx', ...args];
  const result = await runInContainer(container, { command, timeoutMs: 20_000, outputLimitBytes: 64 * 1024 }, signal);
  if (result.exitCode !== 0) {
    const reason = result.timedOut ? 'it took longer than 20 s' : (result.stderr || result.stdout).trim().slice(-500);
    throw new CkxError('operational', 'COMMAND_FAILED', `A command inside the environment failed: ${reason}`, {
      details: { exitCode: result.exitCode },
    });
  }
  return result.stdout;
}
