import type { PassRecord } from '@ckx/activities';
import { expect, it } from 'vitest';
import { plan, UNPAID_MS, type Known } from './plan.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const NEVER: Known = { startedAt: NOW, record: null, nothingToCome: false, remindedOf: null };
const of = (record: Partial<PassRecord>, known: Partial<Known> = {}): Known => ({
  ...NEVER,
  nothingToCome: true,
  record: { status: 'activated', startsAt: NOW - HOUR, expiresAt: NOW + 10 * HOUR, disputedSince: null, ...record },
  ...known,
});

it.each([
  ['waits for its payment', NEVER, { do: 'wait', until: NOW + UNPAID_MS }],
  ['gives up', { ...NEVER, startedAt: NOW - UNPAID_MS }, { do: 'giveUp' }],
  ['ends where nothing will come of it', { ...NEVER, nothingToCome: true }, { do: 'end' }],
  ['waits to be activated', of({ status: 'purchased' }), { do: 'wait', until: NOW + 30 * 24 * HOUR }],
  ['waits to remind', of({}), { do: 'wait', until: NOW + 8 * HOUR }],
  ['reminds, late as it may be', of({ expiresAt: NOW + HOUR, startsAt: NOW - 9 * HOUR }), { do: 'remind' }],
  [
    'reminds once of an end',
    of({ expiresAt: NOW + HOUR, startsAt: NOW - 9 * HOUR }, { remindedOf: NOW + HOUR }),
    { do: 'wait', until: NOW + HOUR },
  ],
  ['reminds of another end again', of({ expiresAt: NOW + HOUR, startsAt: NOW - 9 * HOUR }, { remindedOf: NOW }), { do: 'remind' }],
  ['does not remind of a short one', of({ expiresAt: NOW + HOUR }), { do: 'wait', until: NOW + HOUR }],
  ['reminds of none that is over', of({ expiresAt: NOW, startsAt: NOW - 9 * HOUR }), { do: 'expire' }],
  ['ends when it has expired', of({ status: 'expired' }), { do: 'end' }],
  ['ends when it is revoked for good', of({ status: 'revoked' }), { do: 'end' }],
  ['waits while a dispute may be won', of({ status: 'revoked', disputedSince: NOW }), { do: 'wait', until: NOW + 180 * 24 * HOUR }],
  ['waits for no dispute for ever', of({ status: 'revoked', disputedSince: NOW - 180 * 24 * HOUR }), { do: 'end' }],
] as const)('%s', (_, known, step) => {
  expect(plan(known, NOW, NOW)).toEqual(step);
});

it('looks at one that nobody activates now and then', () => {
  expect(plan(of({ status: 'purchased' }), NOW, NOW - 30 * 24 * HOUR)).toEqual({ do: 'hear' });
});
