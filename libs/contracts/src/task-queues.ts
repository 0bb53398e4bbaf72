import type { ExamSessionId, HostId } from './ids.ts';

/** Workflows, and activities that use Postgres. */
export const EXAM_SESSIONS_TASK_QUEUE = 'exam-sessions';

/** Activities that use one host's Docker engine. Stable over restarts: teardown must find its host again. */
export function hostTaskQueue(hostId: HostId): string {
  return `host-${hostId}`;
}

/** The only place that makes an exam session's workflow id. */
export function examSessionWorkflowId(examSessionId: ExamSessionId): string {
  return `exam-session/${examSessionId}`;
}

/** The workflow that keeps a host's record: one per host, for as long as the host is known. */
export function hostWorkflowId(hostId: HostId): string {
  return `host/${hostId}`;
}
