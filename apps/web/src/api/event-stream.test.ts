import { describe, expect, test } from 'vitest';
import { EventStreamParser } from './event-stream.ts';

const STREAM =
  ': still here\n\nid: 7\nevent: clock\ndata: {"a":\ndata: 1}\n\nid: 8\r\ndata: x\r\n\r\ndata\n\nevent: end\nid: 8\ndata: {}\n\n';

describe('an event stream', () => {
  const expected = [
    { id: '7', event: 'clock', data: '{"a":\n1}' },
    { id: '8', event: 'message', data: 'x' },
    { id: '8', event: 'message', data: '' },
    { id: '8', event: 'end', data: '{}' },
  ];

  test.each([1, 2, 3, 7, STREAM.length])('reads the same in pieces of %i', (size) => {
    const parser = new EventStreamParser();
    const pieces = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, index) => STREAM.slice(index * size, (index + 1) * size));
    expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(expected);
  });

  test('an event that is not complete is not told', () => {
    const parser = new EventStreamParser();
    expect(parser.push('id: 1\ndata: x\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ id: '1', event: 'message', data: 'x' }]);
  });
});
