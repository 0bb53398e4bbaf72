import { authorizedFetch, problemOf } from '../api/client.ts';
import { EventStreamParser, type ServerSentEvent } from '../api/event-stream.ts';
import { ApiProblem } from '../api/problem.ts';

/** The API says something every 15 s; what is silent for longer than this is dead, whatever TCP believes. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

export interface Listener {
  /** Where to go on. */
  lastId(): number;
  /** @returns true when that was the last one. */
  onEvent(event: ServerSentEvent): boolean;
  onConnection(live: boolean): void;
}

/**
 * Listens to a session until its end or until `signal`: reconnects with growing pauses, at once when the browser is back on line, and goes
 * on after the last event that arrived.
 */
export async function listen(examSessionId: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const ended = await listenOnce(examSessionId, listener, signal, () => (pauseMs = FIRST_RETRY_MS));
      if (ended) return;
    } catch (error) {
      // What was refused by rule is refused again; the page learns of it from the status.
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) return;
    }
    if (signal.aborted) return;
    listener.onConnection(false);
    await pause(pauseMs * (0.5 + Math.random() / 2), signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS);
  }
}

async function listenOnce(examSessionId: string, listener: Listener, signal: AbortSignal, onLive: () => void): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const request = new Request(`/api/v1/sessions/${encodeURIComponent(examSessionId)}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(listener.lastId()) },
      signal: AbortSignal.any([signal, silence.signal]),
      cache: 'no-store',
    });
    const response = await authorizedFetch(request);
    if (!response.ok || response.body === null) throw await problemOf(response);
    listener.onConnection(true);
    onLive();
    const parser = new EventStreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return false;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const event of parser.push(value)) if (listener.onEvent(event)) return true;
    }
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
