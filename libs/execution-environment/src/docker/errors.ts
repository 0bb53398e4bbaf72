/** Turns what the engine answers into sentences with a remedy. */
import { CkxError, isCkxError } from '@ckx/contracts';
import { z } from 'zod';

const EngineAnswer = z.object({ statusCode: z.number(), message: z.string() });
const SystemFault = z.object({ code: z.string() });

/** The HTTP status of an engine's answer, or null where the error is something else. */
function statusOf(error: unknown): number | null {
  const answer = EngineAnswer.safeParse(error);
  return answer.success ? answer.data.statusCode : null;
}

/** What is wrong with the engine's socket, as a person would say it. */
function unreachable(code: string, cause: unknown): CkxError | null {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new CkxError('user', 'ENGINE_NOT_PERMITTED', 'This user may not use the Docker engine: its socket refused the connection.', {
        remedy: 'Run as root, or add the user to the group `docker` and log in again.',
        cause,
      });
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EHOSTUNREACH':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
      return new CkxError('operational', 'ENGINE_UNAVAILABLE', `The Docker engine does not answer (${code}).`, {
        remedy: 'Start the Docker engine, or set DOCKER_HOST to the one to use; `npx ckx doctor` shows what is found.',
        details: { code },
        cause,
      });
    default:
      return null;
  }
}

function answered(status: number, message: string, cause: unknown): CkxError {
  const text = message
    .replace(/^\(HTTP code \d+\)[^-]*- /, '')
    .trim()
    .slice(0, 500);
  const taken = /(?:Bind for |listen tcp4? |listen udp4? )[^ ]*:(\d+)[^]*(?:port is already allocated|address already in use)/.exec(text);
  if (taken?.[1] !== undefined) {
    return new CkxError('user', 'PORT_IN_USE', `Port ${taken[1]} of this host is in use by another program.`, {
      remedy: `Stop what listens on port ${taken[1]}, or move CKX's port ranges (docs/operations).`,
      details: { port: Number(taken[1]) },
      cause,
    });
  }
  const image = /No such image: ([^\s]+)/.exec(text);
  if (image?.[1] !== undefined) {
    return new CkxError('user', 'IMAGE_MISSING', `The image ${image[1]} is not on this host.`, {
      remedy: 'Run `npm start`, which builds it, or `npx ckx doctor` for what else is missing.',
      details: { image: image[1] },
      cause,
    });
  }
  if (/Pool overlaps with other one/.test(text)) {
    return new CkxError('user', 'SUBNET_IN_USE', 'The network of the environment overlaps with another network of this engine.', {
      remedy: 'Remove the other network, or set CKX_SUBNET_POOL to addresses that nothing on this host uses.',
      cause,
    });
  }
  return new CkxError('operational', 'ENGINE_FAILED', `The Docker engine refused: ${text}`, { details: { status }, cause });
}

/** Whatever came out of a call to the engine, as a CkxError; what did not come from the engine is returned as it is. */
export function engineError(error: unknown): unknown {
  if (isCkxError(error)) return error;
  const answer = EngineAnswer.safeParse(error);
  if (answer.success) return answered(answer.data.statusCode, answer.data.message, error);
  const fault = SystemFault.safeParse(error);
  return (fault.success ? unreachable(fault.data.code, error) : null) ?? error;
}

/**
 * Runs a call to the engine. @throws CkxError in place of the engine's error; the signal's reason where the signal ended it.
 */
export async function engineCall<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    throw engineError(error);
  }
}

/** Like {@link engineCall}, with null where the engine answered one of `statuses`: 404 gone, 409 conflict, 304 not changed. */
export async function engineCallUnless<T>(statuses: readonly number[], call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    const status = statusOf(error);
    if (status !== null && statuses.includes(status)) return null;
    throw engineError(error);
  }
}
