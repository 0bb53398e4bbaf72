/** The messages of `hostWorkflow`, which asks a host for its facts, records them, and notices when it is gone. */
import { defineSignal } from '@temporalio/workflow';
import type { HostId } from './ids.ts';

export const HOST_WORKFLOW = 'hostWorkflow';

export interface HostInput {
  readonly hostId: HostId;
}

/** A host worker has (re)started: look at once. Sent with start by the host worker itself. */
export const hostUpSignal = defineSignal<[]>('hostUp');
