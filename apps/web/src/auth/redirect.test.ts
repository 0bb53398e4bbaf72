import { describe, expect, test } from 'vitest';
import { loginPath, safeNext } from './redirect.ts';

const ORIGIN = 'https://ckx.example';

describe('after signing in', () => {
  test.each(['/labs/ckad-mock-01', '/sessions/1?tab=2#q3', '/history'])('leads back to %s', (path) => {
    expect(safeNext(path, ORIGIN)).toBe(path);
  });

  test.each([
    null,
    '',
    'https://evil.example/labs',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'labs',
    ' //evil.example',
    'https:ckx.example',
    '//[',
  ])('does not follow %j', (next) => {
    expect(safeNext(next, ORIGIN)).toBe('/dashboard');
  });

  test('the way there and back is the same', () => {
    const path = loginPath({ pathname: '/labs/a', search: '?b=c&d=e', hash: '#f' });
    expect(safeNext(new URL(path, ORIGIN).searchParams.get('next'), ORIGIN)).toBe('/labs/a?b=c&d=e#f');
    expect(loginPath({ pathname: '/', search: '' })).toBe('/login');
  });
});
