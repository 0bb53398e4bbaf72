import { describe, expect, it } from 'vitest';
import { readEvents, type ServerSentEvent } from './events.ts';

async function read(...chunks: string[]): Promise<ServerSentEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

describe('readEvents', () => {
  it('reads events whatever the chunks they come in', async () => {
    const text = 'id: 7\nevent: state\ndata: {"state":"ready"}\n\n: still here\n\nid: 8\ndata: ä\n\n';
    const whole = await read(text);
    expect(whole).toEqual([
      { id: '7', event: 'state', data: '{"state":"ready"}' },
      { id: '8', event: 'message', data: 'ä' },
    ]);
    expect(await read(...text)).toEqual(whole);
  });

  it('joins lines of data, takes CRLF, and keeps the last id', async () => {
    expect(await read('id: 1\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n')).toEqual([
      { id: '1', event: 'message', data: 'a\nb' },
      { id: '1', event: 'message', data: 'c' },
    ]);
  });

  it('drops an event that the stream cut off', async () => {
    expect(await read('data: whole\n\ndata: half')).toEqual([{ id: undefined, event: 'message', data: 'whole' }]);
  });
});
