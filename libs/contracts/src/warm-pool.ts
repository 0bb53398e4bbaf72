/** Ids and messages of the workflows that keep warm environments (decision 0022). */
import { defineSignal } from '@temporalio/workflow';
import type { EnvironmentSpec } from './environment.ts';
import type { ExecutionEnvironmentId } from './ids.ts';

export const WARM_ENVIRONMENT_WORKFLOW = 'warmEnvironmentWorkflow';

/** The only place that makes the id of a workflow that keeps a warm environment. */
export function warmEnvironmentWorkflowId(executionEnvironmentId: ExecutionEnvironmentId): string {
  return `warm-environment/${executionEnvironmentId}`;
}

export interface WarmEnvironmentInput {
  readonly spec: EnvironmentSpec;
}

/** Its record has changed: it was bound to a session, or has to give way. What it says, the record says. */
export const recordChangedSignal = defineSignal<[]>('recordChanged');

/** An environment that has waited this long for a session is given to none any more, and replaced. */
export const WARM_AGE_LIMIT_MS = 2 * 3_600_000;
