import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoteSaver } from './note-saver.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function saver() {
  const saved: [number, string][] = [];
  const state = { refuse: false };
  const notes = new NoteSaver({
    save: (position, text) => {
      if (state.refuse) return Promise.reject(new Error('away'));
      saved.push([position, text]);
      return Promise.resolve();
    },
    onChange: () => undefined,
  });
  return { notes, saved, state };
}

test('saves once after the last key, and what is written to each question', async () => {
  const { notes, saved } = saver();
  for (const text of ['a', 'ab', 'abc']) notes.edit(1, text);
  notes.edit(2, 'x');
  expect([notes.state, notes.draft(1)]).toEqual(['saving', 'abc']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(saved).toEqual([
    [1, 'abc'],
    [2, 'x'],
  ]);
  expect([notes.state, notes.draft(1)]).toEqual(['saved', undefined]);
});

test('keeps what could not be saved, says so, and saves it when it can be', async () => {
  const { notes, saved, state } = saver();
  state.refuse = true;
  notes.edit(1, 'not lost');
  await vi.advanceTimersByTimeAsync(20_000);
  expect([notes.state, notes.draft(1)]).toEqual(['waiting', 'not lost']);
  notes.edit(1, 'not lost, and more');
  state.refuse = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(saved).toEqual([[1, 'not lost, and more']]);
  expect(notes.state).toBe('saved');
});

test('does not wait where the page is left', async () => {
  const { notes, saved } = saver();
  notes.edit(3, 'bye');
  notes.flush();
  await vi.advanceTimersByTimeAsync(1);
  expect(saved).toEqual([[3, 'bye']]);
});
