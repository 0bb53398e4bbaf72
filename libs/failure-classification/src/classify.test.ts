import { CkxError, Failure } from '@ckx/contracts';
import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { classify } from './index.ts';

/** As a workflow catches what an activity threw. */
function fromActivity(cause: Error): ActivityFailure {
  return new ActivityFailure('Activity task failed', 'createEnvironment', '1', RetryState.MAXIMUM_ATTEMPTS_REACHED, 'host', cause);
}

describe('classify', () => {
  it('takes a known code for what the table says, however deep it is', () => {
    const thrown = fromActivity(ApplicationFailure.create({ type: 'ENGINE_UNAVAILABLE', message: 'connect ENOENT /var/run/docker.sock' }));
    expect(classify({ step: 'containers', cause: thrown })).toMatchObject({
      type: 'infra',
      code: 'ENGINE_UNAVAILABLE',
      step: 'containers',
      reason: 'While starting the containers: The container engine of the machine does not answer.',
    });
  });

  it.each([
    [TimeoutType.SCHEDULE_TO_START, 'infra', 'HOST_UNREACHABLE'],
    [TimeoutType.HEARTBEAT, 'infra', 'HOST_SILENT'],
    [TimeoutType.START_TO_CLOSE, 'init', 'STEP_TIMEOUT'],
  ] as const)('tells time-outs apart: %s', (timeoutType, type, code) => {
    const cause = fromActivity(new TimeoutFailure('activity timed out', undefined, timeoutType));
    expect(classify({ step: 'node_ready', cause })).toMatchObject({ type, code });
  });

  it('takes a limit of time in a running session for a failure of its environment', () => {
    const cause = fromActivity(new TimeoutFailure('activity timed out', undefined, TimeoutType.START_TO_CLOSE));
    expect(classify({ cause })).toMatchObject({ type: 'runtime', code: 'STEP_TIMEOUT' });
  });

  it('takes any fault in a step of provisioning for one of its making, with the error’s own words', () => {
    const failure = classify({ step: 'questions', cause: new Error('the script has no end') });
    expect(failure).toMatchObject({ type: 'init', code: 'INIT_FAILED', reason: 'While setting up the questions: the script has no end.' });
    expect(classify({ step: 'terminal', cause: new CkxError('operational', 'TERMINAL_UNREACHABLE', 'No.') }).type).toBe('init');
    expect(classify({ cause: new CkxError('operational', 'TERMINAL_UNREACHABLE', 'No.') }).type).toBe('runtime');
  });

  it('keeps the code and the remedy of an error that it does not know', () => {
    const cause = new CkxError('operational', 'DISK_FULL', 'The disk is full.', { remedy: 'Make room.' });
    const known = { type: 'runtime', code: 'DISK_FULL', reason: 'The disk is full.', remedy: 'Make room.' };
    expect(classify({ cause })).toEqual(known);
    const crossed = ApplicationFailure.create({ type: 'DISK_FULL', message: 'The disk is full.', details: [{ remedy: 'Make room.' }] });
    expect(classify({ cause: fromActivity(crossed) })).toEqual(known);
  });

  it('follows the caller’s class and code before all else', () => {
    expect(classify({ type: 'access', cause: 'It was taken away.' })).toMatchObject({ type: 'access', code: 'ACCESS_FAILED' });
    expect(classify({ code: 'ACCESS_DENIED', step: 'terminal', cause: new Error('x') })).toMatchObject({
      type: 'access',
      code: 'ACCESS_DENIED',
    });
    expect(classify({ type: 'runtime', step: 'containers', cause: new CkxError('user', 'IMAGE_MISSING', 'x') }).type).toBe('runtime');
  });

  it('answers whatever was thrown with a failure that a person can read', () => {
    const circular = new Error('round');
    circular.cause = circular;
    for (const cause of [undefined, null, '', 'text', 42, {}, [], { message: 7 }, circular, new Error(''), new AggregateError([])]) {
      const failure = Failure.parse(classify({ cause }));
      expect(failure).toMatchObject({ type: 'runtime', code: 'RUNTIME_FAILED' });
      expect(failure.reason).toMatch(/^\S.*[.!?]$/);
      expect(failure.remedy).toMatch(/\.$/);
    }
  });

  it('is the same each time', () => {
    const context = { step: 'containers', cause: new Error('again') };
    expect(classify(context)).toEqual(classify(context));
  });
});
