import { TRACE_HEADER } from '@ckx/contracts/tracing';
import type { ActivityInput, WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Hands the trace that a workflow was started in on to its activities. Nothing more, and nothing asynchronous: with a trace or without,
 * a workflow does the same in the same order, so traces can be switched on and off under sessions that run. A workflow that goes on as
 * new leaves its trace: one that never ends would make a trace that never ends.
 */
export function interceptors(): WorkflowInterceptors {
  let header: ActivityInput['headers'][string] | undefined;
  return {
    inbound: [
      {
        execute: (input, next) => {
          header = input.headers[TRACE_HEADER];
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) =>
          next(header === undefined ? input : { ...input, headers: { ...input.headers, [TRACE_HEADER]: header } }),
      },
    ],
  };
}
