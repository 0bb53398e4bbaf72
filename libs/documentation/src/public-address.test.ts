import { expect, it } from 'vitest';
import { isPublic } from './public-address.ts';

it.each(['1.1.1.1', '172.32.0.1', '2606:4700:4700::1111'])('%s is the internet’s', (address) => {
  expect(isPublic(address)).toBe(true);
});

it.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.17.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '2002:a00:1::',
  '64:ff9b::a00:1',
  'kubernetes.io',
  '',
])('%s is not', (address) => {
  expect(isPublic(address)).toBe(false);
});
