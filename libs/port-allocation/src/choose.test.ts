import { sharedSubnetOf } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { choosePorts, chooseSubnet, type PortRanges } from './index.ts';

const ranges: PortRanges = {
  vnc: { start: 6901, end: 6903 },
  sshTerminal: { start: 2201, end: 2203 },
  sshJumphost: { start: 2301, end: 2303 },
  k8sApi: { start: 6443, end: 6444 },
};

describe('choosePorts', () => {
  it('takes the lowest free port of each range, ends included', () => {
    expect(choosePorts(ranges, [])).toEqual({ vnc: 6901, sshTerminal: 2201, sshJumphost: 2301, k8sApi: 6443 });
    expect(choosePorts(ranges, [6901, 6902, 2201, 6443])).toEqual({ vnc: 6903, sshTerminal: 2202, sshJumphost: 2301, k8sApi: 6444 });
  });

  it('names the kind that is used up', () => {
    const choose = () => choosePorts(ranges, [6443, 6444]);
    expect(choose).toThrow(expect.objectContaining({ kind: 'operational', code: 'PORTS_EXHAUSTED', details: { kind: 'k8sApi' } }));
  });

  it('chooses a port once where ranges overlap', () => {
    const one = { start: 7000, end: 7003 };
    const ports = choosePorts({ vnc: one, sshTerminal: one, sshJumphost: one, k8sApi: one }, []);
    expect(new Set(Object.values(ports)).size).toBe(4);
  });
});

describe('chooseSubnet', () => {
  it('takes the lowest free /26', () => {
    expect(chooseSubnet('10.213.0.0/16', [])).toBe('10.213.0.0/26');
    expect(chooseSubnet('10.213.0.0/16', ['10.213.0.0/26', '10.213.0.128/26'])).toBe('10.213.0.64/26');
    expect(chooseSubnet('10.213.0.77/24', ['10.213.0.0/26', '10.213.0.64/26', '10.213.0.128/26'])).toBe('10.213.0.192/26');
    expect(chooseSubnet('192.168.255.192/26', [])).toBe('192.168.255.192/26');
  });

  it('counts over the ends of bytes', () => {
    const taken = Array.from({ length: 1023 }, (_, index) => `10.213.${Math.floor(index / 4)}.${(index % 4) * 64}/26`);
    expect(chooseSubnet('10.213.0.0/16', taken)).toBe('10.213.255.192/26');
  });

  it('leaves the last to what sessions share, where there is more than one', () => {
    expect(sharedSubnetOf('10.213.0.0/16')).toBe('10.213.255.192/26');
    expect(sharedSubnetOf('10.213.7.77/25')).toBe('10.213.7.64/26');
    expect(sharedSubnetOf('192.168.255.192/26')).toBeNull();
  });

  it('says when nothing is left', () => {
    expect(() => chooseSubnet('10.0.0.0/26', ['10.0.0.0/26'])).toThrow(
      expect.objectContaining({ kind: 'operational', code: 'SUBNETS_EXHAUSTED' }),
    );
  });
});
