/** The look at a cluster, by a real bash and jq. \`curl\` prints files in place of an API server, and \`ssh\` in place of a node. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentSpec } from '@ckx/contracts';
import type { ExecRequest, ExecResult } from '@ckx/execution-environment';
import { afterAll, describe, expect, it } from 'vitest';
import { look, lookAtRest } from './look.ts';

const spec = EnvironmentSpec.parse({
  userId: randomUUID(),
  examSessionId: randomUUID(),
  executionEnvironmentId: randomUUID(),
  hostId: 'host-of-test',
  needs: { cluster: 'dedicated' },
  subnet: '10.213.0.0/26',
  ports: { vnc: 1, sshTerminal: 2, sshJumphost: 3, k8sApi: 4 },
});
const root = mkdtempSync(join(tmpdir(), 'ckx-look-'));
afterAll(() => rmSync(root, { recursive: true }));

const CURL = `#!/bin/bash
for last; do [[ $last != https://* ]] || cat "$STAND_IN/\${last##*/}" 2> /dev/null || exit 7; done`;
const SSH = '#!/bin/bash\ncat "$STAND_IN/ages"';
const KUBECONFIG = `clusters: [{name: a, cluster: {
  server: https://controlplane:6443
`;

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+/, '');
interface Cluster {
  readonly start?: string;
  /** Seconds since the node was heard of. */
  readonly heard?: number;
  readonly ready?: readonly [status: string, since: string];
  readonly pod?: object;
  /** Lines of seconds and names of processes. */
  readonly ages?: string;
}
const LONG_AGO = ago(10_000);
const condition = (type: string, status: string) => ({ type, status });

/** A container beside a cluster that can be made another. Bounds are those of whoever asks, cut down to \`bound\` seconds. */
function beside(bound: number) {
  const folder = mkdtempSync(join(root, 'one-'));
  const [bin, known] = [join(folder, 'bin'), join(folder, 'known')];
  for (const made of [bin, known]) mkdirSync(made);
  for (const [name, text] of Object.entries({ curl: CURL, ssh: SSH })) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(folder, 'kubeconfig'), KUBECONFIG);
  // Bash takes a socket without SHLVL for a remote shell, and reads somebody's settings.
  const env = {
    SHLVL: '1',
    PATH: `${bin}:${process.env['PATH']}`,
    STAND_IN: known,
    CKX_RUN: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
  };
  const exec = async (_spec: EnvironmentSpec, _role: string, { command }: Pick<ExecRequest, 'command'>): Promise<ExecResult> => {
    const [program = '', ...words] = command.map((word, index) => (index === 5 && word !== '0' ? String(bound) : word));
    const { promise, resolve } = Promise.withResolvers<ExecResult>();
    execFile(program, words, { env }, (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr, droppedBytes: 0, timedOut: false, durationMs: 1 }),
    );
    return promise;
  };
  const place = { provider: { exec }, spec, role: 'grader', signal: new AbortController().signal } as const;
  const put = ({ start = 'one', heard = 3, ready = ['True', LONG_AGO], pod, ages = '500 kube-apiserver\n500 kube-scheduler' }: Cluster) => {
    const leases = [
      {
        metadata: { name: 'a', namespace: 'kube-system', labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver' } },
        spec: { holderIdentity: start },
      },
      { metadata: { name: 'controlplane', namespace: 'kube-node-lease' }, spec: { renewTime: ago(heard).replace('Z', '.123456Z') } },
    ];
    const conditions = [{ ...condition('Ready', ready[0]), lastTransitionTime: ready[1] }];
    const nodes = [{ metadata: { name: 'controlplane' }, status: { conditions } }];
    const about = { name: 'web', namespace: 'shop' };
    const pods = pod === undefined ? [] : [{ metadata: about, spec: { nodeName: 'controlplane' }, ...pod }];
    for (const [name, items] of Object.entries({ leases, nodes, pods })) writeFileSync(join(known, name), JSON.stringify({ items }));
    writeFileSync(join(known, 'ages'), ages);
  };
  return { place, put, goAway: () => rmSync(join(known, 'leases')) };
}

const UNREADY = { status: { conditions: [condition('Ready', 'False'), condition('ContainersReady', 'True')] } };

describe('a look', { timeout: 30_000 }, () => {
  it('tells which start of the API server answers, and since when the nodes are as they are', async () => {
    const { place, put, goAway } = beside(1);
    put({});
    const { cluster, restless } = await look(place);
    expect({ cluster, restless }).toEqual({ cluster: `cluster one controlplane=True@${LONG_AGO}`, restless: '' });
    put({ ready: ['Unknown', ago(3)] });
    expect((await look(place)).cluster).not.toBe(cluster);
    put({ start: 'two' });
    expect((await look(place)).cluster).not.toBe(cluster);
    goAway();
    expect((await look(place)).cluster).toBeNull();
  });

  it.each<[string, Cluster, string]>([
    ['nothing happened', {}, ''],
    ['a node counts as ready that is not heard of', { heard: 30 }, 'The node controlplane counts as ready, and was not heard of lately.'],
    ['a node is back and counts as lost', { ready: ['Unknown', ago(40)] }, 'The node controlplane is heard of, and counts as lost.'],
    ['a node is lost', { heard: 300, ready: ['Unknown', LONG_AGO], pod: UNREADY }, ''],
    ['a kubelet has just said that it is not ready', { ready: ['False', ago(2)] }, 'The node controlplane became unready just now.'],
    ['a kubelet has long said that it is not ready', { ready: ['False', LONG_AGO] }, ''],
    [
      'a Pod counts as unready, and its containers do not',
      { pod: UNREADY },
      'The Pod shop/web counts as unready, and its containers as ready.',
    ],
    ['a Pod waits for a gate', { pod: { ...UNREADY, spec: { nodeName: 'controlplane', readinessGates: [{}] } } }, ''],
    ['a Pod is not ready', { pod: { status: { conditions: [condition('Ready', 'False'), condition('ContainersReady', 'False')] } } }, ''],
    [
      'an API server is younger than who watches it',
      { ages: '20 kube-apiserver\n500 kube-controller' },
      'The API server was started anew 20 s ago.',
    ],
    ['all have just been started', { ages: '20 kube-apiserver\n25 kube-controller\n22 kube-scheduler' }, ''],
    ['an API server was started a while ago', { ages: '80 kube-apiserver\n500 kube-controller' }, ''],
    ['a node tells nothing of its processes', { ages: '' }, ''],
  ])('where %s', async (_, cluster, why) => {
    const { place, put } = beside(1);
    put(cluster);
    expect((await lookAtRest(place)).restless).toBe(why);
  });

  it('sees a static Pod that is starting, and not one that has long been up without being ready', async () => {
    const starting = (since: string) => ({
      metadata: { name: 'kube-scheduler', namespace: 'kube-system', annotations: { 'kubernetes.io/config.source': 'file' } },
      status: {
        conditions: [condition('Ready', 'False'), condition('ContainersReady', 'False')],
        containerStatuses: [{ state: { running: { startedAt: since } } }],
      },
    });
    const { place, put } = beside(1);
    put({ pod: starting(ago(4)) });
    expect((await lookAtRest(place)).restless).toBe('The Pod kube-system/kube-scheduler is starting.');
    put({ start: 'two', pod: starting(LONG_AGO) });
    expect((await lookAtRest(place)).restless).toBe('');
  });

  it('waits until the cluster is at rest', async () => {
    const { place, put, goAway } = beside(20);
    put({});
    goAway();
    const begun = performance.now();
    const waiting = lookAtRest(place);
    await sleep(1_500);
    put({ start: 'two', heard: 60 });
    await sleep(1_500);
    put({ start: 'two' });
    expect(await waiting).toMatchObject({ cluster: `cluster two controlplane=True@${LONG_AGO}`, restless: '' });
    expect(performance.now() - begun).toBeGreaterThan(3_000);
  });

  it('waits once for what does not come to rest, whoever asks', async () => {
    const { place, put, goAway } = beside(2);
    put({});
    goAway();
    const timed = async () => {
      const begun = performance.now();
      const { restless } = await lookAtRest(place);
      return { restless, waited: performance.now() - begun };
    };
    const [first, beside_] = await Promise.all([timed(), timed()]);
    expect([first.restless, beside_.restless]).toContain('The API server does not answer.');
    expect(Math.min(first.waited, beside_.waited)).toBeGreaterThan(1_000);
    expect((await timed()).waited).toBeLessThan(1_000);
  });
});
