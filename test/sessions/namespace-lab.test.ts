/** A lab whose session has a namespace in a node that is shared: sat from start to its grade, with a shell alone. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SessionView } from '@ckx/contracts';
import { ApiClient } from '@ckx/test-support/client';
import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { projectRoot, remains, running, waitForGrade, waitForTeardown, workInShell } from './support.ts';

const LAB = 'shared-01';

it('is set up, worked in, graded and removed, and leaves a node for the next', async () => {
  const { apiUrl, installation } = await running();
  const candidate = await ApiClient.register(apiUrl);
  const id = await candidate.startSession(LAB);
  const ready = await candidate.waitForState(id, 'ready');
  expect(new Set(ready.progress.map(({ step }) => step))).toEqual(
    new Set(['admitted', 'containers', 'control_plane', 'node_ready', 'workloads', 'terminal', 'questions']),
  );
  expect((await candidate.send('POST', `/sessions/${id}/start`)).status).toBe(202);
  await candidate.waitForState(id, 'running');

  const solution = await readFile(join(projectRoot, 'test/labs', LAB, 'questions/message/solution.sh'), 'utf8');
  const [worked, where, others] = await workInShell(candidate, id, [
    solution,
    "kubectl config view --minify -o jsonpath='{..namespace}'",
    'kubectl get namespaces',
  ]);
  expect(worked, worked?.stderr).toMatchObject({ exitCode: 0 });
  expect(where?.stdout).toBe(`exam-${id}`);
  expect(others?.stderr).toMatch(/forbidden/);

  const { executionEnvironmentId } = await candidate.get(`/sessions/${id}`, SessionView);
  expect((await candidate.send('POST', `/sessions/${id}/submit`)).status).toBe(202);
  await waitForGrade(candidate, id);
  const result = await candidate.result(id);
  expect(result).toMatchObject({ provisional: false, earned: 4, possible: 5, percent: 80 });
  expect(result.questions.flatMap(({ checks }) => checks.map(({ checkId, verdict }) => `${checkId} ${verdict}`))).toEqual([
    'copied passed',
    'printed passed',
    'undone failed',
  ]);

  await waitForTeardown(candidate, id);
  expect(await remains(id, executionEnvironmentId ?? '')).toEqual([]);
  const filters = { label: [`ckx.installation=${installation}`, 'ckx.shared=node'] };
  const [node, ...more] = await new Docker().listContainers({ filters });
  expect(more).toEqual([]);
  // Nothing of the session is in it either.
  const exec = await new Docker().getContainer(node?.Id ?? '').exec({
    Cmd: ['kubectl', '--kubeconfig=/etc/kubernetes/super-admin.conf', 'get', 'namespaces,serviceaccounts', '-A', '-o', 'name'],
    AttachStdout: true,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of await exec.start({})) chunks.push(Buffer.from(chunk as Uint8Array));
  const left = Buffer.concat(chunks).toString();
  expect(left).toContain('namespace/kube-system');
  expect(left).not.toContain(id);
});
