/** Four users at once: none reaches another by any way there is, and none notices how another's session ends. */
import { SWEEP_WORKFLOW, type SweepInput } from '@ckx/contracts/maintenance-workflow';
import { EXAM_SESSIONS_TASK_QUEUE, examSessionWorkflowId, type ExamSessionId, type SessionStatus } from '@ckx/contracts';
import { withTemporal } from '@ckx/session-lifecycle/operator';
import { ApiClient } from '@ckx/test-support/client';
import Docker from 'dockerode';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remains, running, waitForGrade } from './support.ts';
import { askForSecrets, beat, letsIn, PLACES, reached, settle, type Guest, type Heart } from './walls-support.ts';

const LAB = 'ckad-mock-01';
const GUESTS = 4;

let guests: Guest[];

async function begin(lab: string): Promise<{ client: ApiClient; id: ExamSessionId }> {
  const client = await ApiClient.register((await running()).apiUrl);
  return { client, id: await client.startSession(lab) };
}

/** Each of them against each other one. */
const pairs = () => guests.flatMap((one) => guests.filter((other) => other !== one).map((other) => [one, other] as const));

beforeAll(async () => {
  const begun = await Promise.all(Array.from({ length: GUESTS }, () => begin(LAB)));
  guests = await Promise.all(begun.map(({ client, id }) => settle(client, id)));
});

afterAll(async () => {
  for (const { client, id, shell } of guests) {
    shell.end();
    await client.send('DELETE', `/sessions/${id}`);
  }
});

/** This machine's own addresses, those of bridges left out. */
function hostAddresses(): string[] {
  const own = Object.entries(networkInterfaces()).filter(([name]) => !/^(lo|docker|br-|ckx|veth)/.test(name));
  return own.flatMap(([, addresses]) => addresses ?? []).flatMap(({ address, family }) => (family === 'IPv4' ? [address] : []));
}

function targetsAgainst(from: Guest, others: readonly Guest[]): Record<string, [string, number]> {
  const targets: Record<string, [string, number]> = {
    'own API': [from.node, 6443],
    'own terminal': [from.terminal, 22],
  };
  for (const [index, { node, terminal, gateway, ports }] of others.entries()) {
    for (const port of [22, 2379, 6443, 10250]) targets[`node ${index} :${port}`] = [node, port];
    targets[`terminal ${index}`] = [terminal, 22];
    for (const [kind, port] of Object.entries(ports)) {
      for (const address of [from.gateway, gateway, ...hostAddresses()]) targets[`${kind} of ${index} at ${address}`] = [address, port];
    }
  }
  return targets;
}

describe('four sessions of four users', () => {
  it.each(Object.keys(PLACES))('reach no address, published port or name of another from the %s', async (place) => {
    const tryAll = async (guest: Guest) => {
      const others = guests.filter((other) => other !== guest);
      const names = others.flatMap(({ id }) => [`ckx-node-${id}`, `ckx-ssh-${id}`]);
      const targets = targetsAgainst(guest, others);
      expect(Object.keys(targets).length).toBeGreaterThanOrEqual(2 + (GUESTS - 1) * (5 + 4 * 2));
      const own = `ckx-node-${guest.id}`;
      const found = await reached(guest, place === 'node' ? 'node' : 'terminal', targets, [own, ...names]);
      // What is its own shows that the tries were real.
      expect(found).toEqual([own, 'own API', 'own terminal'].sort());
    };
    await Promise.all(guests.map(tryAll));
  });

  it('open no door of another with a key', async () => {
    for (const { key, node, nodeKey } of guests) {
      expect(await letsIn(key.host, key.port, key.user, key.privateKey)).toBe(true);
      expect(await letsIn(node, 22, 'root', nodeKey)).toBe(true);
    }
    for (const [one, other] of pairs()) {
      for (const [key, user] of [
        [one.key.privateKey, 'candidate'],
        [one.nodeKey, 'candidate'],
        [one.nodeKey, 'root'],
      ] as const) {
        for (const port of [other.ports.sshTerminal, other.ports.sshJumphost])
          expect(await letsIn('127.0.0.1', port, user, key)).toBe(false);
      }
      for (const key of [one.nodeKey, one.key.privateKey]) expect(await letsIn(other.node, 22, 'root', key)).toBe(false);
    }
  });

  it('are nobody to another’s cluster', async () => {
    for (const { kubeconfig, ports } of guests) {
      expect(await askForSecrets(kubeconfig, ports.k8sApi, false)).toBe(200);
    }
    for (const [one, other] of pairs()) {
      // The client sees that it is another's server; one that does not care is not let in.
      expect(await askForSecrets(one.kubeconfig, other.ports.k8sApi, false)).toMatch(/SIGNATURE|CERT|VERIFY/);
      expect(await askForSecrets(one.kubeconfig, other.ports.k8sApi, true)).toBe(401);
    }
  });

  it('are told 403 about another’s id, whatever they ask', async () => {
    for (const [one, other] of pairs()) {
      const asked: readonly (readonly [string, string])[] = [
        ...['', '/status', '/live', '/events', '/questions', '/routing', '/ports', '/result'].map(
          (path) => ['GET', `/sessions/${other.id}${path}`] as const,
        ),
        ...['/start', '/submit', '/ssh-key'].map((path) => ['POST', `/sessions/${other.id}${path}`] as const),
        ['GET', `/exams/${other.id}/ports`],
        ['DELETE', `/sessions/${other.id}`],
      ];
      const answers = await Promise.all(asked.map(([method, path]) => one.client.send(method, path)));
      expect(new Set(answers.map(({ status }) => status)), one.id).toEqual(new Set([403]));
    }
  });
});

describe('whose neighbour ends', () => {
  let heart: Heart;
  const ends: string[] = [];

  beforeAll(async () => {
    heart = await beat(last());
  });

  const last = (): Guest => {
    const guest = guests.at(-1);
    if (guest === undefined) throw new Error('no session');
    return guest;
  };

  /** Waits for the end and that nothing is left; then the neighbour must have noticed nothing. */
  async function unnoticed(client: ApiClient, id: ExamSessionId, is: (status: SessionStatus) => boolean): Promise<void> {
    const over = await client.waitFor(id, (status) => status.state === 'terminated' || status.state === 'failed', 120_000);
    ends.push(`${over.state} ${over.outcome ?? over.failure?.type ?? ''}`);
    expect(is(over), JSON.stringify(over)).toBe(true);
    const gone = await client.waitFor(id, ({ environment }) => environment === 'destroyed', 180_000);
    expect(gone.environment).toBe('destroyed');
    expect(heart.faults).toEqual([]);
  }

  const guest = (index: number): Guest => guests[index] ?? last();

  it('by submitting', async () => {
    const { client, id, environmentId } = guest(0);
    await client.send('POST', `/sessions/${id}/submit`);
    await waitForGrade(client, id);
    await unnoticed(client, id, ({ outcome }) => outcome === 'submitted');
    expect(await remains(id, environmentId)).toEqual([]);
  });

  it('by cancelling', async () => {
    const { client, id, environmentId } = guest(1);
    await client.send('DELETE', `/sessions/${id}`);
    await unnoticed(client, id, ({ outcome }) => outcome === 'cancelled');
    expect(await remains(id, environmentId)).toEqual([]);
  });

  it('by an administrator’s word', async () => {
    const { client, id, environmentId } = guest(2);
    const { apiUrl, admin } = await running();
    if (admin === undefined) throw new Error('no administrator in the run file');
    const administrator = await ApiClient.login(apiUrl, admin);
    expect((await administrator.send('POST', `/admin/sessions/${id}/terminate`, { reason: 'for a test' })).status).toBe(202);
    await unnoticed(client, id, ({ outcome }) => outcome === 'terminated_by_admin');
    expect(await remains(id, environmentId)).toEqual([]);
  });

  it('by its deadline, by a fault beyond repair, and by the sweep', async () => {
    const [expiring, failing, orphaned] = await Promise.all([begin('slow-01'), begin(LAB), begin(LAB)]);
    await Promise.all([expiring, failing, orphaned].map(({ client, id }) => client.waitForState(id, 'ready', 240_000)));
    await Promise.all([expiring, failing, orphaned].map(({ client, id }) => client.send('POST', `/sessions/${id}/start`)));
    await Promise.all([expiring, failing, orphaned].map(({ client, id }) => client.waitForState(id, 'running')));
    await new Docker().getContainer(`ckx-node-${failing.id}`).remove({ force: true, v: true });

    const { temporalAddress, installation } = await running();
    await withTemporal({ TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: 'default' }, async ({ workflow }) => {
      await workflow.getHandle(examSessionWorkflowId(orphaned.id)).terminate('for a test');
      const input: SweepInput = { installation, dryRun: false, lookIntervalMs: 2_000, minAgeMs: 0, mayGo: 10 };
      await workflow.execute(SWEEP_WORKFLOW, {
        workflowId: `sweep/${installation}/walls`,
        taskQueue: EXAM_SESSIONS_TASK_QUEUE,
        args: [input],
      });
    });
    await Promise.all([
      unnoticed(orphaned.client, orphaned.id, ({ failure }) => failure?.type === 'infra'),
      unnoticed(failing.client, failing.id, ({ failure }) => failure?.type === 'infra'),
      unnoticed(expiring.client, expiring.id, ({ outcome }) => outcome === 'expired'),
    ]);
  });

  it('notices nothing: no beat failed, no connection was lost, no program stood still', async () => {
    const pauseMs = await heart.stop();
    console.log({ ends, beats: heart.beats, slowestMs: heart.slowestMs, longestPauseMs: pauseMs });
    expect(ends).toHaveLength(6);
    expect(heart.beats).toBeGreaterThan(30);
    expect(heart.faults).toEqual([]);
    expect(pauseMs).toBeLessThan(5_000);
    expect((await last().client.status(last().id)).state).toBe('running');
  });
});
