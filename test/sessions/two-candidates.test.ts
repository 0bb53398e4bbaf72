/** Two candidates at once: nothing of one is to be had by the other, not even the knowledge that it exists. */
import { randomUUID } from 'node:crypto';
import { SessionView } from '@ckx/contracts';
import { ApiClient, openShell, shellExec } from '@ckx/test-support/client';
import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { remains, running, waitForTeardown } from './support.ts';

const LAB = 'ckad-mock-01';

describe('two candidates at once', () => {
  it('have clusters, networks and keys of their own, and each other’s ids answer like ids that do not exist', async () => {
    const { apiUrl } = await running();
    const [ada, ben] = await Promise.all([ApiClient.register(apiUrl), ApiClient.register(apiUrl)]);
    const [first, second] = await Promise.all([ada.startSession(LAB), ben.startSession(LAB)]);
    await Promise.all([ada.waitForState(first, 'ready', 150_000), ben.waitForState(second, 'ready', 150_000)]);

    const [keyA, keyB] = await Promise.all([ada.sshKey(first), ben.sshKey(second)]);
    expect(keyA.hostKey).not.toBe(keyB.hostKey);
    expect(keyA.port).not.toBe(keyB.port);
    await expect(openShell({ ...keyA, port: keyB.port, hostKey: keyB.hostKey })).rejects.toThrow();

    const [shellA, shellB] = await Promise.all([openShell(keyA), openShell(keyB)]);
    const fact = async (command: string) => {
      const [a, b] = await Promise.all([shellExec(shellA, command), shellExec(shellB, command)]);
      expect(a, command).toMatchObject({ exitCode: 0 });
      expect(b, command).toMatchObject({ exitCode: 0 });
      return [a.stdout.trim(), b.stdout.trim()];
    };
    for (const command of [
      "bash -lc 'kubectl config view --raw -o jsonpath={.clusters[0].cluster.certificate-authority-data}'",
      "bash -lc 'kubectl get namespace kube-system -o jsonpath={.metadata.uid}'",
      'cat ~/.ssh/id_ed25519.pub',
      'hostname -I',
    ]) {
      const [a, b] = await fact(command);
      expect(a, command).not.toBe('');
      expect(a, command).not.toBe(b);
    }
    shellA.end();
    shellB.end();

    const paths = (id: string): [string, string, unknown?][] => [
      ['GET', `/sessions/${id}`],
      ['GET', `/sessions/${id}/status`],
      ['GET', `/sessions/${id}/live`],
      ['GET', `/sessions/${id}/events`],
      ['GET', `/sessions/${id}/questions`],
      ['GET', `/sessions/${id}/routing`],
      ['GET', `/sessions/${id}/ports`],
      ['GET', `/sessions/${id}/result`],
      ['GET', `/exams/${id}/ports`],
      ['POST', `/sessions/${id}/start`],
      ['POST', `/sessions/${id}/submit`],
      ['POST', `/sessions/${id}/ssh-key`],
      ['DELETE', `/sessions/${id}`],
    ];
    const strip = (body: unknown, id: string) => JSON.stringify(body).replaceAll(id, '<id>');
    const nobody = randomUUID();
    const unknown = paths(nobody);
    for (const [index, [method, path]] of paths(second).entries()) {
      const theirs = await ada.send(method, path);
      const [, nowhere] = unknown[index] ?? ['', ''];
      const none = await ada.send(method, nowhere);
      expect(theirs.status, `${method} ${path}`).toBe(403);
      expect(strip(theirs.body, second), `${method} ${path}`).toBe(strip(none.body, nobody));
    }

    const environmentOf = async (client: ApiClient, id: typeof first) =>
      (await client.get(`/sessions/${id}`, SessionView)).executionEnvironmentId ?? '';
    const environmentA = await environmentOf(ada, first);
    expect((await ada.send('DELETE', `/sessions/${first}`)).status).toBe(202);
    await waitForTeardown(ada, first);
    expect(await remains(first, environmentA)).toEqual([]);

    // Ben noticed nothing.
    const still = await openShell(keyB);
    expect((await shellExec(still, "bash -lc 'kubectl get nodes --no-headers'")).stdout).toMatch(/Ready/);
    still.end();
    const environmentB = await environmentOf(ben, second);
    const containers = await new Docker().listContainers({ filters: { label: [`ckx.environment=${environmentB}`] } });
    expect(containers.length).toBeGreaterThan(0);
    expect((await ben.send('DELETE', `/sessions/${second}`)).status).toBe(202);
    await waitForTeardown(ben, second);
  });
});
