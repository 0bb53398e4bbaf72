import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** What is known of a request once it was answered. */
export interface RequestFacts {
  /** The route's pattern, never the address: that may hold what a trace must not. */
  readonly route: string;
  readonly examSessionId?: string | undefined;
}

/**
 * A span for each request, a trace of its own: whatever trace a caller says it belongs to is not believed, because anybody calls.
 * Put it before all other middleware, so that their lines and calls belong to it.
 *
 * @param facts asked when the answer is out.
 * @param isTraced whether to make a span for this address.
 */
export function traceRequests<R extends IncomingMessage>(
  facts: (request: R) => RequestFacts,
  isTraced: (path: string) => boolean,
): (request: R, response: ServerResponse, next: () => void) => void {
  return (request, response, next) => {
    if (!isTraced(request.url ?? '/')) return next();
    const method = request.method ?? 'GET';
    const span = trace.getTracer('ckx').startSpan(method, { kind: SpanKind.SERVER }, ROOT_CONTEXT);
    response.once('close', () => {
      const { route, examSessionId } = facts(request);
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': response.statusCode });
      if (examSessionId !== undefined) span.setAttribute('ckx.exam_session_id', examSessionId);
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(ROOT_CONTEXT, span), next);
  };
}
