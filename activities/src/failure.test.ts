import { CkxError } from '@ckx/contracts';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { toFailure } from './failure.ts';

describe('toFailure', () => {
  it.each([
    ['user', true],
    ['operational', false],
    ['bug', true],
  ] as const)('retries by kind: %s', (kind, nonRetryable) => {
    const failure = toFailure(new CkxError(kind, 'SOME_CODE', 'What happened.', { remedy: 'What to do.', details: { port: 1 } }));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'SOME_CODE',
      message: 'What happened.',
      nonRetryable,
      details: [{ remedy: 'What to do.', port: 1 }],
    });
  });

  it('calls what is not ready yet benign, and nothing else', () => {
    expect(toFailure(new CkxError('operational', 'KUBECONFIG_MISSING', 'Not yet.'))).toMatchObject({ category: 'BENIGN' });
    expect(toFailure(new CkxError('operational', 'ENGINE_FAILED', 'No.'))).not.toMatchObject({ category: 'BENIGN' });
  });

  it('leaves errors of unknown origin as they are', () => {
    const error = new TypeError('a fault');
    expect(toFailure(error)).toBe(error);
  });
});
