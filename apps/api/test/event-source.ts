import type { ApiClient } from '@ckx/test-support/client';
import { z } from 'zod';

interface Message {
  readonly id?: string;
  readonly event?: string;
  readonly comment?: string;
  readonly data?: Record<string, unknown>;
}

/** Reads a session's server-sent events as they come; ends with the stream. */
export async function* readEvents(url: string, client: ApiClient, id: string, lastEventId?: string): AsyncGenerator<Message, void> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/sessions/${id}/events`, {
    headers: {
      authorization: `Bearer ${client.accessToken ?? ''}`,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: abort.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`events answered ${response.status}: ${await response.text()}`);
  let pending = '';
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      pending += chunk;
      const blocks = pending.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const message = parse(block);
        if (message !== null) yield message;
      }
    }
  } finally {
    abort.abort();
  }
}

function parse(block: string): Message | null {
  const fields = block.split('\n').filter((line) => line !== '');
  if (fields.length === 0) return null;
  const value = (name: string) => fields.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const [id, event, comment, data] = [value('id'), value('event'), value(''), value('data')];
  return {
    ...(id === undefined ? {} : { id }),
    ...(event === undefined ? {} : { event }),
    ...(comment === undefined ? {} : { comment }),
    ...(data === undefined ? {} : { data: z.record(z.string(), z.unknown()).parse(JSON.parse(data)) }),
  };
}
