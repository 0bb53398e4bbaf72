import { expect, test } from 'vitest';
import { parseCast } from './asciicast.ts';
import { Playback, type Screen } from './playback.ts';

const CAST = [
  '{"version":3,"term":{"cols":80,"rows":24,"type":"xterm-256color"},"timestamp":1700000000}',
  '[0.5,"o","one "]',
  '# a remark',
  '[1,"i","typed"]',
  'half a line',
  '[10,"o","two "]',
  '[0.5,"r","100x30"]',
  '[0,"o","three"]',
  '[0,"r","0x9000000"]',
  '',
].join('\n');

/** Says what it was told, in order. */
function recorder(): Screen & { told: string[] } {
  const told: string[] = [];
  return {
    told,
    write: (data) => told.push(data),
    resize: (cols, rows) => told.push(`<${cols}x${rows}>`),
    reset: () => told.push('<reset>'),
  };
}

function read(text: string, idleMs?: number) {
  const cast = parseCast(text, idleMs);
  if (cast === null) throw new Error('no recording');
  return cast;
}

test('times add up, those of what is not shown too; lines that make no sense are left out', () => {
  const { cols, rows, events, durationMs } = read(CAST);
  expect([cols, rows, durationMs]).toEqual([80, 24, 12_000]);
  expect(events.map(({ atMs, kind }) => `${atMs} ${kind}`)).toEqual([
    '500 output',
    '11500 output',
    '12000 resize',
    '12000 output',
    '12000 resize',
  ]);
});

test('long pauses are shortened, short ones are not', () => {
  expect(read(CAST, 2000).events.map(({ atMs }) => atMs)).toEqual([500, 3500, 4000, 4000, 4000]);
});

test.each(['', 'text', '{}', '{"version":2,"width":80,"height":24}', '{"version":3,"term":{"cols":1e9,"rows":24}}'])(
  '%j is no recording',
  (text) => {
    expect(parseCast(text)).toBeNull();
  },
);

test('what lies ahead is added, what lies behind is shown anew', () => {
  const screen = recorder();
  const playback = new Playback(read(CAST), screen);
  playback.seek(600);
  playback.seek(700);
  expect(screen.told).toEqual(['<reset>', '<80x24>', 'one ']);
  playback.seek(99_000);
  expect(screen.told.slice(3)).toEqual(['two ', '<100x30>', 'three']);
  expect([playback.atMs, playback.atEnd]).toEqual([12_000, true]);
  screen.told.length = 0;
  playback.seek(11_500);
  expect(screen.told).toEqual(['<reset>', '<80x24>', 'one two ']);
  expect(playback.atEnd).toBe(false);
});

test('minutes that are passed over come in pieces', () => {
  const line = JSON.stringify([0.001, 'o', 'x'.repeat(40_000)]);
  const screen = recorder();
  new Playback(read([CAST.split('\n')[0], line, line, line].join('\n')), screen).seek(60_000);
  expect(screen.told.slice(2).map(({ length }) => length)).toEqual([80_000, 40_000]);
});
