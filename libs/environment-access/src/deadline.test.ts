import { SESSION_STATES } from '@ckx/contracts';
import { expect, it } from 'vitest';
import { mayBeOpen } from './index.ts';

const deadlineAt = new Date('2026-03-01T12:00:00.000Z');
const before = new Date(deadlineAt.getTime() - 1);

it('opens a session that is ready or running, and no other', () => {
  const open = SESSION_STATES.filter((state) => mayBeOpen({ state, deadlineAt: null }, before).open);
  expect(open).toEqual(['ready', 'running']);
});

it('closes at the deadline, to the millisecond, whatever the state says', () => {
  for (const state of ['ready', 'running'] as const) {
    expect(mayBeOpen({ state, deadlineAt }, before)).toEqual({ open: true, until: deadlineAt });
    expect(mayBeOpen({ state, deadlineAt }, deadlineAt)).toEqual({ open: false, reason: 'DEADLINE_PASSED' });
  }
});

it('says why', () => {
  const reasons = SESSION_STATES.map((state) => mayBeOpen({ state, deadlineAt }, deadlineAt));
  expect(reasons.map((openness) => (openness.open ? 'open' : openness.reason))).toEqual([
    'SESSION_NOT_READY',
    'SESSION_NOT_READY',
    'DEADLINE_PASSED',
    'DEADLINE_PASSED',
    'SESSION_OVER',
    'SESSION_OVER',
  ]);
});
