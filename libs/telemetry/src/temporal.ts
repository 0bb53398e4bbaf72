/**
 * Spans of calls to workflows and of activities. Names, header and attributes of Temporal's own are those of its other SDKs, so that
 * its tools read these traces. Workflows make no spans: they hand on the header they were started with (workflows/src/tracing.ts).
 */
import { TRACE_HEADER } from '@ckx/contracts/tracing';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import type { ClientInterceptors, WorkflowClientInterceptor } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory, WorkerInterceptors } from '@temporalio/worker';
import { isTracing } from './tracing.ts';

/** Workflow ids of exam sessions. */
const SESSION_WORKFLOW = /^exam-session\/(.+)$/;

/** For a client of Temporal: calls belong to the trace they are made in. Nothing where no traces are made. */
export function clientInterceptors(): ClientInterceptors {
  return isTracing() ? { workflow: [traceWorkflowCalls()] } : {};
}

/** For a worker of Temporal: activities go on with the trace that their workflow was started in. Nothing where no traces are made. */
export function activityInterceptors(): WorkerInterceptors {
  return isTracing() ? { activity: [traceActivities] } : {};
}

/** A span for each start, signal, update and query; a start carries its trace along. */
function traceWorkflowCalls(): WorkflowClientInterceptor {
  return {
    startWithDetails: (input, next) =>
      inSpan(`StartWorkflow:${input.workflowType}`, SpanKind.CLIENT, context.active(), workflow(input.options.workflowId), () =>
        next({ ...input, headers: withContext(input.headers) }),
      ),
    signal: (input, next) =>
      inSpan(`SignalWorkflow:${input.signalName}`, SpanKind.CLIENT, context.active(), workflow(input.workflowExecution.workflowId), () =>
        next(input),
      ),
    startUpdate: (input, next) =>
      inSpan(
        `StartUpdateWorkflow:${input.updateName}`,
        SpanKind.CLIENT,
        context.active(),
        workflow(input.workflowExecution.workflowId),
        () => next(input),
      ),
    query: (input, next) =>
      inSpan(`QueryWorkflow:${input.queryType}`, SpanKind.CLIENT, context.active(), workflow(input.workflowExecution.workflowId), () =>
        next(input),
      ),
  };
}

/** A span for each try of an activity whose workflow belongs to a trace; none for the others, which nobody would look for. */
const traceActivities: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => {
      const parent = contextOf(input.headers);
      if (parent === undefined) return next(input);
      const attributes = {
        ...workflow(info.workflowExecution?.workflowId ?? ''),
        temporalActivityId: info.activityId,
        'ckx.task_queue': info.taskQueue,
        'ckx.attempt': info.attempt,
        'ckx.waited_ms': Math.max(0, Date.now() - info.currentAttemptScheduledTimestampMs),
      };
      return inSpan(`RunActivity:${info.activityType}`, SpanKind.CONSUMER, parent, attributes, () => next(input));
    },
  },
});

/** Which workflow, and which session where it is one of a session. */
function workflow(workflowId: string): Record<string, string> {
  const examSessionId = SESSION_WORKFLOW.exec(workflowId)?.[1];
  return { temporalWorkflowId: workflowId, ...(examSessionId === undefined ? {} : { 'ckx.exam_session_id': examSessionId }) };
}

function withContext(headers: Headers): Headers {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier) };
}

function contextOf(headers: Headers): Context | undefined {
  const payload = headers[TRACE_HEADER];
  if (payload === undefined) return undefined;
  const extracted = propagation.extract(ROOT_CONTEXT, defaultPayloadConverter.fromPayload(payload));
  return trace.getSpanContext(extracted) === undefined ? undefined : extracted;
}

async function inSpan<T>(
  name: string,
  kind: SpanKind,
  parent: Context,
  attributes: Record<string, string | number>,
  call: () => Promise<T>,
): Promise<T> {
  const span = trace.getTracer('ckx').startSpan(name, { kind, attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), call);
  } catch (error) {
    recordError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The code alone: a message may hold what a candidate wrote. */
function recordError(span: Span, error: unknown): void {
  const code = error instanceof ApplicationFailure ? error.type : undefined;
  span.setAttribute('error.type', code ?? (error instanceof Error ? error.name : 'Error'));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
