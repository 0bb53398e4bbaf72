import { CkxError } from '@ckx/contracts';
import { expect, it } from 'vitest';
import { sentenceOf } from './sentence.ts';

it('is the message of ours with its remedy, and of others the whole of it', () => {
  expect(sentenceOf(new CkxError('user', 'X', 'It is closed.', { remedy: 'Open it.' }))).toBe('It is closed.\nOpen it.');
  expect(sentenceOf(new Error('odd'))).toMatch(/^Error: odd\n +at /);
});

it('names the reason where clearing up failed as well', () => {
  const reason = new CkxError('operational', 'X', 'Temporal did not answer.');
  expect(sentenceOf(new SuppressedError(new Error('held'), reason))).toMatch(
    /^Temporal did not answer\.\nThen, while clearing up: Error: held/,
  );
});
