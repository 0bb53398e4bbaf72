/** A session's way from its start to its end, told line by line. */
import type { ProvisionStep, SessionStatus } from '@ckx/contracts';
import { duration, moment, seconds } from './output.ts';

const STEP_NAMES: Record<ProvisionStep, string> = {
  admitted: 'a place on a host',
  containers: 'containers and network',
  control_plane: 'Kubernetes API answers',
  node_ready: 'node is Ready',
  workloads: 'a container ran',
  terminal: 'terminal answers',
  questions: 'questions are set up',
};

/** Tells of each change once. */
export class Narrator {
  readonly #said = new Set<string>();

  /** @returns what is new in the status, a line each. */
  tell(status: SessionStatus): string[] {
    const fresh = [...this.#facts(status)].filter((line) => !this.#said.has(line));
    for (const line of fresh) this.#said.add(line);
    return fresh;
  }

  *#facts(status: SessionStatus): Generator<string, void, void> {
    if (status.waiting !== null) yield `waiting, number ${status.waiting.place} in the queue: ${status.waiting.reason}`;
    for (const { step, durationMs } of status.progress) {
      if (durationMs !== undefined) yield `${seconds(durationMs).padStart(8)}  ${STEP_NAMES[step]}`;
    }
    if (status.readyAt !== null) {
      yield `${seconds(Date.parse(status.readyAt) - Date.parse(status.createdAt)).padStart(8)}  ready, all in all`;
    }
    if (status.startedAt !== null && status.deadlineAt !== null) yield `the clock runs: until ${moment(status.deadlineAt)}`;
    if (status.state === 'terminated') yield `ended: ${status.outcome?.replaceAll('_', ' ') ?? 'terminated'}`;
    if (status.failure !== null) yield `failed (${status.failure.type}): ${status.failure.reason}`;
    if (status.endedAt !== null && status.attempt !== null) yield `attempt: ${status.attempt.replaceAll('_', ' ')}`;
    if (status.endedAt !== null && status.environment !== null) yield `environment: ${status.environment}`;
  }
}

/** The status as a person asks for it. */
export function describeStatus(status: SessionStatus): string {
  const lines = [
    `Session ${status.examSessionId}: ${status.state}${status.outcome === null ? '' : ` (${status.outcome.replaceAll('_', ' ')})`}`,
  ];
  if (status.deadlineAt !== null && status.endedAt === null) {
    const left = (Date.parse(status.deadlineAt) - Date.parse(status.now)) / 1000;
    lines.push(`  time left: ${duration(left)}, until ${moment(status.deadlineAt)}`);
  }
  return [...lines, ...new Narrator().tell(status).map((line) => `  ${line}`)].join('\n');
}
