import { expect, it } from 'vitest';
import { answerChallenge, passwordFile } from './vnc-auth.ts';

it('veils a password as every implementation does', () => {
  expect(passwordFile('password').toString('hex')).toBe('dbd83cfd727a1458');
});

it('answers a challenge with two blocks, each by itself', () => {
  const challenge = Buffer.alloc(16, 7);
  const answer = answerChallenge('secret12', challenge);
  expect(answer).toHaveLength(16);
  expect(answer.subarray(0, 8)).toEqual(answer.subarray(8));
  expect(answerChallenge('secret13', challenge)).not.toEqual(answer);
});
