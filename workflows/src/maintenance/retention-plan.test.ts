import { RETAINED } from '@ckx/contracts/retention-workflow';
import { expect, it } from 'vitest';
import { planRetention } from './retention-plan.ts';

it('gives each kind its own age, and what expires by itself none', () => {
  const now = Date.UTC(2026, 10, 21);
  const plan = planRetention(now, { sessions: 730, events: 90, blobs: 7, sweepReports: 30, audit: 365, mails: 60, recordings: 30 });
  expect(plan.map(({ what }) => what)).toEqual([...RETAINED]);
  expect(plan.map(({ before }) => (now - before) / 86_400_000)).toEqual([730, 90, 7, 30, 365, 0, 0, 60, 0, 30]);
});

it('leaves recordings alone in a run that was begun before there were any', () => {
  const plan = planRetention(0, { sessions: 1, events: 1, blobs: 1, sweepReports: 1, audit: 1, mails: 1 });
  expect(plan.map(({ what }) => what)).toEqual(RETAINED.filter((what) => what !== 'recordings'));
});
