import { AttemptState, ClockEntry, EnvironmentState, Failure, HostId, ProvisionStep, SessionOutcome, SessionState } from '@ckx/contracts';
import { z } from 'zod';

/** `ClockView` of the workflow's messages. */
export const Clock = z.object({
  /** Epoch milliseconds; null until the clock starts. */
  deadlineAt: z.int().nullable(),
  entries: z.array(ClockEntry),
});

/** `ExamSessionStatus` of the workflow's messages: its own view, for those who look into it. */
export const LiveStatus = z.object({
  state: SessionState,
  sequence: z.int(),
  step: ProvisionStep.nullable(),
  outcome: SessionOutcome.nullable(),
  failure: Failure.nullable(),
  attempt: AttemptState.nullable(),
  environment: EnvironmentState.nullable(),
  hostId: HostId.nullable(),
  clock: Clock,
});
