import { CkxError } from '@ckx/contracts';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { newSshKeyPair, normalisePublicKey } from './ssh-keys.ts';

const ed25519 = newSshKeyPair().public;
const ecdsa = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).public;
const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).public;
const weak = ssh2.utils.generateKeyPairSync('rsa', { bits: 1024 }).public;
const bare = (key: string) => key.trim().split(' ').slice(0, 2).join(' ');

it('makes key pairs that can be used, each of them', () => {
  // Of so many hardly none would begin with a zero byte: one in 256 does.
  const pairs = Array.from({ length: 2_000 }, () => newSshKeyPair('somebody'));
  expect(pairs.filter((pair) => ssh2.utils.parseKey(pair.public) instanceof Error)).toEqual([]);
  expect(pairs.filter((pair) => ssh2.utils.parseKey(pair.private) instanceof Error)).toEqual([]);
  expect(pairs[0]?.public).toMatch(/^ssh-ed25519 \S+ somebody$/);
});

describe('normalisePublicKey', () => {
  it.each([ed25519, ecdsa, rsa])('takes %s', (key) => {
    expect(normalisePublicKey(`${key} someone@example.org\n`)).toBe(bare(key));
  });

  it('strips options', () => {
    expect(normalisePublicKey(`command="rm -rf /",no-pty ${ed25519}`)).toBe(bare(ed25519));
  });

  it.each([
    ['nothing', ''],
    ['two lines', `${ed25519.trim()}\n${ecdsa.trim()}`],
    ['a short RSA key', weak],
    ['another content than its type says', `ssh-rsa ${bare(ed25519).split(' ')[1]}`],
    ['a broken content', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA`],
    ['DSA', 'ssh-dss AAAAB3NzaC1kc3MAAACBAP'],
    ['a private key', newSshKeyPair().private],
  ])('refuses %s', (_name, key) => {
    expect(() => normalisePublicKey(key)).toThrow(CkxError);
  });
});
