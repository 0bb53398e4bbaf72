/**
 * The header of Temporal's messages that carries a trace's context, as every SDK of Temporal names it: a JSON payload with the
 * fields of W3C Trace Context.
 */
export const TRACE_HEADER = '_tracer-data';
