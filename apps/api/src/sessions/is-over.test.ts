import { ATTEMPT_STATES, ENVIRONMENT_STATES, ExamSessionId, SESSION_STATES, type SessionStatus } from '@ckx/contracts';
import { expect, test } from 'vitest';
import { isOver } from './is-over.ts';

const status: SessionStatus = {
  examSessionId: ExamSessionId.parse('3f0c1f5e-6d1b-4c43-9a55-0f5a7d6c1b2e'),
  mode: 'exam',
  state: 'terminated',
  sequence: 9,
  outcome: 'submitted',
  failure: null,
  waiting: null,
  steps: [],
  progress: [],
  attempt: 'graded',
  environment: 'destroyed',
  desktop: false,
  desktopOpen: false,
  createdAt: '2026-11-21T10:00:00.000Z',
  readyAt: null,
  startedAt: null,
  deadlineAt: null,
  endedAt: '2026-11-21T10:00:00.000Z',
  now: '2026-11-21T10:00:00.000Z',
};

test('a session is over when nothing of it is left to happen', () => {
  const over = <K extends keyof SessionStatus>(key: K, values: readonly SessionStatus[K][]) =>
    values.filter((value) => isOver({ ...status, [key]: value }));
  expect(over('state', SESSION_STATES)).toEqual(['terminated', 'failed']);
  expect(over('attempt', [null, ...ATTEMPT_STATES])).toEqual([null, 'graded', 'grading_failed', 'void']);
  expect(over('environment', [null, ...ENVIRONMENT_STATES])).toEqual([null, 'destroyed', 'lost']);
});
