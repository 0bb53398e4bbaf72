import { ConfigError } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeFailure, parseOptions } from './index.ts';

describe('describeFailure', () => {
  it.each([
    [new CkxError('user', 'SESSION_UNKNOWN', 'There is none.'), 1, 'SESSION_UNKNOWN'],
    [new CkxError('operational', 'DATABASE_UNAVAILABLE', 'No answer.'), 1, 'DATABASE_UNAVAILABLE'],
    [new ConfigError(['DATABASE_URL: missing']), 1, 'CONFIG_INVALID'],
    [new CkxError('user', 'INVALID_ARGUMENT', 'to: no such state'), 2, 'INVALID_ARGUMENT'],
    [new CkxError('bug', 'SEQUENCE_REUSED', 'Twice.'), 70, 'SEQUENCE_REUSED'],
    [new TypeError('undefined is not a function'), 70, 'BUG'],
    ['a string', 70, 'BUG'],
  ])('gives %s its exit code', (error, exitCode, code) => {
    expect(describeFailure(error)).toMatchObject({ exitCode, body: { error: { code } } });
  });

  it('passes the remedy on, and has none where there is none', () => {
    const remedy = 'Start it.';
    expect(describeFailure(new CkxError('operational', 'X', 'Y.', { remedy })).body).toEqual({
      error: { code: 'X', message: 'Y.', remedy },
    });
    expect(describeFailure(new CkxError('operational', 'X', 'Y.')).body).toEqual({ error: { code: 'X', message: 'Y.' } });
  });
});

describe('parseOptions', () => {
  it('names every value that is wrong', () => {
    const parse = () => parseOptions(z.object({ id: z.uuid(), minutes: z.int() }), { id: 'x', minutes: 'y' });
    expect(parse).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/id: .*; minutes: /) as string }),
    );
  });
});
