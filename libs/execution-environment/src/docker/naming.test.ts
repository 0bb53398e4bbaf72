import { EnvironmentSpec } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { addressesIn, bridgeName, containerName, labelsOf, readLabels, sharedBridgeName } from './naming.ts';

const spec = EnvironmentSpec.parse({
  userId: '6a2f41a3-c54c-4c7b-8a4e-0c1f1ab4a001',
  examSessionId: '6a2f41a3-c54c-4c7b-8a4e-0c1f1ab4a002',
  executionEnvironmentId: 'deadbeef-c54c-4c7b-8a4e-0c1f1ab4a003',
  hostId: 'host',
  needs: {},
  subnet: '10.213.7.64/26',
  ports: { vnc: 6901, sshTerminal: 2201, sshJumphost: 2301, k8sApi: 6443 },
});

describe('names', () => {
  it('carry the session for containers, the environment for the rest', () => {
    expect(containerName(spec.examSessionId, 'node')).toBe(`ckx-node-${spec.examSessionId}`);
    expect(containerName(spec.examSessionId, 'terminal')).toBe(`ckx-ssh-${spec.examSessionId}`);
  });

  it('fit an interface', () => {
    expect(bridgeName(spec)).toBe('ckxdeadbeef');
    const open = bridgeName({ ...spec, needs: { ...spec.needs, egress: 'internet' } });
    expect(open).toBe('ckxoutdeadbeef');
    expect(open.length).toBeLessThanOrEqual(15);
    expect(sharedBridgeName('default')).toMatch(/^ckxs[0-9a-f]{8}$/);
  });
});

describe('addressesIn', () => {
  it('counts from the start of the /26', () => {
    expect(addressesIn(spec.subnet)).toEqual({
      gateway: '10.213.7.65',
      node: '10.213.7.66',
      relay: '10.213.7.66',
      node01: '10.213.7.67',
      node02: '10.213.7.68',
      terminal: '10.213.7.74',
      engine: '10.213.7.75',
      desktop: '10.213.7.76',
      setup: '10.213.7.84',
      grader: '10.213.7.85',
      checker: '10.213.7.86',
    });
  });

  it.each(['10.0.0.0/24', '10.0.0.32/26', '10.0.0.0', ''])('refuses %j', (subnet) => {
    expect(() => addressesIn(subnet)).toThrow(RangeError);
  });
});

describe('labels', () => {
  it('are read back as ids', () => {
    expect(readLabels(labelsOf('default', spec, 'node'))).toEqual({
      executionEnvironmentId: spec.executionEnvironmentId,
      examSessionId: spec.examSessionId,
      part: 'node',
    });
  });

  it('of others are not ours', () => {
    expect(readLabels({ 'com.docker.compose.project': 'x' })).toBeNull();
    expect(readLabels(undefined)).toBeNull();
  });
});
