import { describe, expect, it } from 'vitest';
import { isReady, isRenewed, openKubeconfig, relocateKubeconfig } from './kubernetes.ts';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- cluster: {certificate-authority-data: Y2E=, server: https://10.213.0.2:6443}
  name: some-session
contexts:
- context: {cluster: some-session, user: kubernetes-admin}
  name: kubernetes-admin@some-session
current-context: kubernetes-admin@some-session
users:
- name: kubernetes-admin
  user: {client-certificate-data: Y2VydA==, client-key-data: a2V5}
`;

describe('relocateKubeconfig', () => {
  it('moves the address and keeps the rest, names and keys', () => {
    const config = openKubeconfig(relocateKubeconfig(KUBECONFIG, 'https://127.0.0.1:6500', 'controlplane') ?? '');
    expect(config.getCurrentCluster()).toMatchObject({ server: 'https://127.0.0.1:6500', tlsServerName: 'controlplane', caData: 'Y2E=' });
    expect(config.getCurrentContext()).toBe('kubernetes-admin@some-session');
    expect(config.getCurrentUser()).toMatchObject({ certData: 'Y2VydA==', keyData: 'a2V5' });
  });

  it('names the server only where its address does not', () => {
    expect(relocateKubeconfig(KUBECONFIG, 'https://controlplane:6443', 'controlplane')).not.toContain('tls-server-name');
  });

  it('waits for the rest of a file that is being written', () => {
    for (const length of [0, 20, 120, 300]) expect(relocateKubeconfig(KUBECONFIG.slice(0, length), 'https://a:1', 'a')).toBeNull();
  });
});

describe('isReady', () => {
  const withCondition = (type: string, status: string) => ({ status: { conditions: [{ type, status }] } });
  it('reads the condition, and nothing into its absence', () => {
    expect(isReady(withCondition('Ready', 'True'))).toBe(true);
    expect(isReady(withCondition('Ready', 'Unknown'))).toBe(false);
    expect(isReady(withCondition('DiskPressure', 'True'))).toBe(false);
    expect(isReady({ status: {} })).toBe(false);
    expect(isReady(undefined)).toBe(false);
  });
});

describe('isRenewed', () => {
  it('takes no word from before', () => {
    const lease = { spec: { holderIdentity: 'controlplane', renewTime: '2026-03-01T10:00:05.000000Z' } };
    expect(isRenewed(lease, new Date('2026-03-01T10:00:04.9Z'))).toBe(true);
    expect(isRenewed(lease, new Date('2026-03-01T10:00:05.1Z'))).toBe(false);
    expect(isRenewed({ spec: {} }, new Date(0))).toBe(false);
    expect(isRenewed(undefined, new Date(0))).toBe(false);
  });
});
