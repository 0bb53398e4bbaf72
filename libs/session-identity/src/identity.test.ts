import { describe, expect, it } from 'vitest';
import { validateIdentity, validateOwnership } from './index.ts';

const identity = {
  userId: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d11',
  examSessionId: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d12',
  executionEnvironmentId: '3f0e7a0a-6a75-4a4e-9f0a-0d1de0a36d13',
};

describe('validateIdentity', () => {
  it('returns the triple and nothing beside it', () => {
    expect(validateIdentity({ ...identity, role: 'admin' })).toEqual(identity);
  });

  it.each([undefined, null, 'a string', 7, [], {}])('refuses %j as an identity', (input) => {
    expect(() => validateIdentity(input)).toThrow(expect.objectContaining({ kind: 'user', code: 'IDENTITY_MISSING' }));
  });

  it.each(['', null, undefined])('takes %j for a part that is missing', (examSessionId) => {
    expect(() => validateIdentity({ ...identity, examSessionId })).toThrow(
      expect.objectContaining({ code: 'IDENTITY_MISSING', details: { missing: ['examSessionId'] } }),
    );
  });

  it.each([`${identity.userId} `, identity.userId.slice(1), 42, [identity.userId], '../etc/passwd'])('refuses %j as an id', (userId) => {
    expect(() => validateIdentity({ ...identity, userId })).toThrow(
      expect.objectContaining({ code: 'IDENTITY_INVALID', details: { invalid: ['userId'] } }),
    );
  });
});

describe('validateOwnership', () => {
  it('asks for no environment', () => {
    const { userId, examSessionId } = identity;
    expect(validateOwnership({ userId, examSessionId })).toEqual({ userId, examSessionId });
  });
});
