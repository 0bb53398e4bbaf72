import { expect, it } from 'vitest';
import { overLimit } from './disk-watch.ts';
import { limitsOf } from './parts/limits.ts';

const MIB = 2 ** 20;

it('is told in a sentence what a part is over, and nothing up to the limit', () => {
  const { diskMib, files } = limitsOf('terminal');
  expect(overLimit('terminal', { bytes: diskMib * MIB, files })).toBeNull();
  expect(overLimit('terminal', { bytes: diskMib * MIB, files: null })).toBeNull();
  expect(overLimit('terminal', { bytes: (diskMib + 1) * MIB, files: null })).toBe('it uses 2049 MiB of disk, and may use 2048 MiB');
  expect(overLimit('terminal', { bytes: 0, files: files + 1 })).toBe('it holds 100001 files, and may hold 100000');
  expect(overLimit('node', { bytes: (diskMib + 1) * MIB, files: files + 1 })).toBeNull();
});
