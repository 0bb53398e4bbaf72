import { describe, expect, test } from 'vitest';
import { hear, NOTHING_TOLD } from './events.ts';

const OPENED = Date.parse('2026-11-21T10:00:00.000Z');
const message = (id: number, kind: string, data: object, at = '2026-11-21T10:00:01.000Z') => ({
  id: String(id),
  event: kind,
  data: JSON.stringify({ id, kind, at, data }),
});
const given = { kind: 'extension', milliseconds: 300_000, reason: 'A fire alarm.' };

describe('what events tell', () => {
  test('time that is given, once, however often it is told', () => {
    const once = hear(NOTHING_TOLD, message(3, 'clock', given), OPENED);
    expect(once).toEqual({ lastId: 3, given: [{ id: 3, ...given }], restarts: 0, maintenance: null, endReason: null, ended: false });
    expect(hear(once, message(3, 'clock', given), OPENED)).toBe(once);
    expect(hear(once, message(2, 'clock', given), OPENED)).toBe(once);
  });

  test('what was before this page is no news, and is not asked for again', () => {
    const told = hear(NOTHING_TOLD, message(3, 'clock', given, '2026-11-21T09:59:59.000Z'), OPENED);
    expect(told).toEqual({ ...NOTHING_TOLD, lastId: 3 });
  });

  test('the start of the clock is no time given', () => {
    expect(hear(NOTHING_TOLD, message(4, 'clock', { ...given, kind: 'start' }), OPENED).given).toEqual([]);
  });

  test('restarts are counted, the end ends', () => {
    const told = hear(hear(NOTHING_TOLD, message(5, 'restart', {}), OPENED), { id: '5', event: 'end', data: '{}' }, OPENED);
    expect(told).toEqual({ ...NOTHING_TOLD, lastId: 5, restarts: 1, ended: true });
  });

  test('maintenance, whenever it was announced; that it is over is news only', () => {
    const early = '2026-11-21T09:00:00.000Z';
    const announced = hear(NOTHING_TOLD, message(5, 'maintenance', { on: true, message: 'New disks at noon.' }, early), OPENED);
    expect(announced.maintenance).toEqual({ id: 5, message: 'New disks at noon.' });
    expect(hear(announced, message(6, 'maintenance', { on: false }), OPENED).maintenance).toEqual({ id: 6, message: null });
    expect(hear(announced, message(6, 'maintenance', { on: false }, early), OPENED).maintenance).toBeNull();
  });

  test('why it was ended, whenever that was', () => {
    const request = { outcome: 'terminated_by_admin', reason: 'The room has to be closed.' };
    const told = hear(NOTHING_TOLD, message(6, 'terminate_requested', request, '2026-11-21T09:00:00.000Z'), OPENED);
    expect(told.endReason).toBe(request.reason);
  });

  test.each(['', '{', 'null', '[]', '{"id":"9"}', '{"id":9,"kind":1,"at":"","data":{}}', '{"id":9,"kind":"clock","at":"x","data":null}'])(
    'passes over %j',
    (data) => {
      expect(hear(NOTHING_TOLD, { id: '9', event: 'clock', data }, OPENED)).toBe(NOTHING_TOLD);
    },
  );

  test('passes over time that is not a number', () => {
    expect(hear(NOTHING_TOLD, message(9, 'clock', { ...given, milliseconds: '<b>1' }), OPENED).given).toEqual([]);
  });
});
