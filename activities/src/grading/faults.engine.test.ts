/** What happens under checks, by chance or by a candidate's hand, changes no verdict: on a real cluster. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '@ckx/blobs';
import { QuestionId, type EnvironmentSpec, type GradedQuestion } from '@ckx/contracts';
import { createCatalog, type Catalog, type LabPack } from '@ckx/lab-packs';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEnvironmentActivities, createGradingActivities, createQuestionActivities } from '../host.ts';

const LAB = 'faults';
/** What a check does the first time alone, in this grader. */
const ONCE = 'mkdir "/tmp/once-${0//\\//-}" 2> /dev/null';

const QUESTIONS: Record<string, Record<string, string>> = {
  tampered: {
    right: `kubectl -n trial get configmap answer -o json | jq -e '.data.text == "right"'`,
    wrong: 'kubectl -n trial get configmap missing',
    file: 'grep -q hello answer.txt',
    counted: `[ "$(jq -n '[1, 2] | length')" = 2 ]`,
    answered: `[ "$(curl -ks -o /dev/null -w '%{http_code}' https://controlplane:6443/livez)" = 200 ]`,
    named: 'kubectl get namespaces -o name | grep -qx namespace/trial',
  },
  greedy: {
    greedy: `if ${ONCE}; then tail /dev/zero; fi`,
    beside: 'sleep 1; kubectl get namespace trial',
    absent: 'sleep 1; ! kubectl get namespace missing',
  },
  hanging: { hangs: `if ${ONCE}; then sleep 300; fi`, beside: 'kubectl get namespace trial' },
  left: { alone: 'mkdir /tmp/exam/alone || exit 1; sleep 3; rmdir /tmp/exam/alone' },
  // None of them waits: whoever is asked too early gives a wrong answer.
  outage: {
    ready: `kubectl -n trial get pod standing -o json | jq -e 'any(.status.conditions[]; .type == "Ready" and .status == "True")'`,
    node: `kubectl get node controlplane -o json | jq -e 'any(.status.conditions[]; .type == "Ready" and .status == "True")'`,
    served: 'kubectl get --raw /api/v1/namespaces/trial/pods/standing:80/proxy/',
    placed: `kubectl -n trial run "placed-$$" --image=registry.k8s.io/pause:3.10.1 --image-pull-policy=IfNotPresent
      kubectl -n trial wait --for=condition=Ready "pod/placed-$$" --timeout=8s; code=$?
      kubectl -n trial delete pod "placed-$$" --force --grace-period=0; exit $code`,
  },
  restarted: { late: 'sleep 4; kubectl --request-timeout=2s get namespace trial', absent: 'sleep 4; ! kubectl get namespace missing' },
};

let engine: TestEngine;
let spec: EnvironmentSpec;
let catalog: Catalog;
let pack: LabPack;
const kept: string[] = [];

beforeAll(async () => {
  engine = await testEngine();
  const labs = join(engine.workDir, 'labs');
  const put = async (path: string, text: string) => {
    await mkdir(join(labs, LAB, dirname(path)), { recursive: true });
    await writeFile(join(labs, LAB, path), text);
  };
  const about = { id: LAB, title: 'Faults', category: 'CKAD', type: 'mock', description: 'Faults', difficulty: 'easy' };
  await put('lab.yaml', JSON.stringify({ ...about, durationMinutes: 5, passPercent: 50, questions: Object.keys(QUESTIONS) }));
  for (const [id, scripts] of Object.entries(QUESTIONS)) {
    const checks = Object.keys(scripts).map((check) => ({
      id: check,
      description: check,
      weight: 1,
      timeoutSeconds: id === 'hanging' ? 5 : 60,
    }));
    await put(`questions/${id}/question.yaml`, JSON.stringify({ title: id, domain: 'Faults', namespace: 'trial', checks }));
    await put(`questions/${id}/question.md`, id);
    for (const [check, script] of Object.entries(scripts)) await put(`questions/${id}/checks/${check}.sh`, `${script}\n`);
  }
  catalog = createCatalog([labs]);
  const found = catalog.list()[0];
  if (found === undefined) throw new Error(JSON.stringify(catalog.problems()));
  pack = found;
  spec = await testSpec();
  await run(() => activities().createEnvironment(spec));
  await run(() => activities().awaitEnvironment({ spec, until: 'node_ready' }));
  await run(() => activities().openTerminal(spec));
  await run(() => activities().openGrader(request()));
  await administer('kubectl create namespace trial && kubectl -n trial create configmap answer --from-literal=text=right');
  await administer('kubectl -n trial create secret generic hidden --from-literal=password=extremely-secret');
  await administer(`kubectl -n trial run standing --image=nginx:1.27 --image-pull-policy=IfNotPresent
    kubectl -n trial wait --for=condition=Ready pod/standing --timeout=25s`);
  await candidate('echo hello > ~/answer.txt');
});
afterAll(() => engine[Symbol.asyncDispose]());

const request = () => ({ spec, labId: pack.summary.id, digest: pack.digest });
const run = <R>(activity: () => Promise<R>): Promise<R> => new MockActivityEnvironment().run(activity);
function activities() {
  const keepEvidence = (text: string) => {
    kept.push(text);
    return Promise.resolve(digestOf(Buffer.from(text)));
  };
  const packs = { provider: engine.provider, catalog, workDir: engine.workDir, fetchPack: () => Promise.resolve(null), keepEvidence };
  return { ...createEnvironmentActivities(packs), ...createQuestionActivities(packs), ...createGradingActivities(packs) };
}

async function administer(script: string): Promise<void> {
  const execution = { command: ['bash', '-ec', script], timeoutMs: 30_000, outputLimitBytes: 4_096 };
  const { exitCode, stderr } = await engine.provider.exec(spec, 'grader', execution, new AbortController().signal);
  expect(exitCode, stderr).toBe(0);
}

async function inContainer(part: 'ssh' | 'node', user: string, script: string): Promise<void> {
  const container = engine.docker.getContainer(`ckx-${part}-${spec.examSessionId}`);
  const exec = await container.exec({
    Cmd: ['bash', '-c', script],
    User: user,
    Env: ['HOME=/home/candidate'],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({});
  await new Promise((resolve) => stream.on('end', resolve).resume());
  expect((await exec.inspect()).ExitCode).toBe(0);
}
const candidate = (script: string) => inContainer('ssh', 'candidate', `set -e; cd; ${script}`);

async function grade(id: string): Promise<GradedQuestion> {
  await run(() => activities().openGrader(request()));
  return run(() => activities().gradeQuestion({ ...request(), questionId: QuestionId.parse(id) }));
}
const verdicts = ({ checks }: GradedQuestion) => Object.fromEntries(checks.map(({ checkId, verdict }) => [checkId, verdict]));
const PASSED = { right: 'passed', wrong: 'failed', file: 'passed', counted: 'passed', answered: 'passed', named: 'passed' };

it('a candidate who replaces kubectl, PATH, start-up files and what programs read at home changes no verdict', async () => {
  expect(verdicts(await grade('tampered'))).toEqual(PASSED);
  await candidate(`
    mkdir -p bin .local/bin .kube/cache/discovery .config/helm /tmp/exam/bin
    for program in kubectl jq grep bash curl; do
      printf '#!/bin/bash\\nexit 0\\n' | tee bin/$program .local/bin/$program /tmp/exam/$program $program > /dev/null
      chmod +x bin/$program .local/bin/$program /tmp/exam/$program $program
    done
    for file in .bashrc .bash_profile .profile .bash_aliases .bash_login .inputrc .pam_environment; do echo 'export PATH=/home/candidate/bin:$PATH; exit 0' > $file; done
    mkdir -p .ssh && printf 'BASH_ENV=/home/candidate/.bashrc\\nPATH=/home/candidate/bin\\n' > .ssh/environment
    echo 'def length: 7; def select(f): empty;' > .jq
    printf 'proxy = "http://127.0.0.1:9"\\nurl = "http://127.0.0.1:9/"\\n' > .curlrc
    printf 'apiVersion: v1\\nkind: Config\\nclusters: [{name: x, cluster: {server: "https://127.0.0.1:9"}}]\\ncontexts: [{name: x, context: {cluster: x, user: x}}]\\ncurrent-context: x\\nusers: [{name: x, user: {token: x}}]\\n' > .kube/config
    printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\naliases: [{name: get, command: version}]\\n' > .kube/kuberc
    rm -rf /tmp/exam-assets; mkdir -p /tmp/exam-assets/questions/tampered/checks; echo 'exit 0' > /tmp/exam-assets/questions/tampered/checks/wrong.sh`);
  // Its answers to kubectl, kept under the name under which a grader would look for them.
  await candidate(`
    mkdir -p .kube/cache/discovery/controlplane_6443/v1
    echo '{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":[]}' > .kube/cache/discovery/controlplane_6443/v1/serverresources.json
    chmod -R a+rwX .kube`);
  expect(verdicts(await grade('tampered'))).toEqual(PASSED);
});

it('the objects of the namespace are kept, and no data of its secrets', async () => {
  kept.length = 0;
  const { objects } = await grade('tampered');
  const text = kept.find((one) => one.includes('kind: ConfigMap')) ?? '';
  expect(objects).toEqual({ namespace: 'trial', blob: digestOf(Buffer.from(text)), cut: false });
  expect(text).toMatch(/text: right/);
  expect(text).toMatch(/kind: Secret/);
  expect(text).toMatch(/password: \(left out\)/);
  expect(text).not.toContain(Buffer.from('extremely-secret').toString('base64'));
});

it('a check that is killed for lack of memory runs again by itself, and so does what ran beside it', async () => {
  expect(verdicts(await grade('greedy'))).toEqual({ greedy: 'passed', beside: 'passed', absent: 'passed' });
});

it('a check that hangs once is asked once more', async () => {
  expect(verdicts(await grade('hanging'))).toEqual({ hangs: 'passed', beside: 'passed' });
});

it('a check that a worker left running when it died is waited for, and not met by its second run', async () => {
  await run(() => activities().openGrader(request()));
  const attempt = (number: number): Promise<GradedQuestion> =>
    new MockActivityEnvironment({ attempt: number }).run(() =>
      activities().gradeQuestion({ ...request(), questionId: QuestionId.parse('left') }),
    );
  const left = attempt(1);
  await sleep(1_500);
  expect(verdicts(await attempt(2))).toEqual({ alone: 'passed' });
  expect(verdicts(await left)).toEqual({ alone: 'passed' });
});

it('an API server that is started anew in the middle makes no answer wrong', async () => {
  const graded = grade('restarted');
  await sleep(3_000);
  await inContainer('node', '0:0', 'pkill -9 kube-apiserver');
  expect(verdicts(await graded)).toEqual({ late: 'passed', absent: 'passed' });
});

/** The kubelet ends the static Pod whose manifest is gone, and makes it anew. */
const OUTAGE = `set -e
mv /etc/kubernetes/manifests/kube-apiserver.yaml /tmp/
while pgrep -x kube-apiserver > /dev/null; do sleep 0.2; done
sleep "$1"
mv /tmp/kube-apiserver.yaml /etc/kubernetes/manifests/
until [ "$(curl -sk https://127.0.0.1:6443/readyz)" = ok ]; do sleep 0.2; done`;
const ALL_PASSED = { ready: 'passed', node: 'passed', served: 'passed', placed: 'passed' };

it(
  'a node that loses its API server for so long that it counts as lost is waited for before checks begin',
  { timeout: 400_000 },
  async () => {
    expect(verdicts(await grade('outage'))).toEqual(ALL_PASSED);
    // Longer than the 50 s after which a node that is not heard of counts as lost.
    await inContainer('node', '0:0', OUTAGE.replace('"$1"', '60'));
    expect(verdicts(await grade('outage'))).toEqual(ALL_PASSED);
  },
);

it('a kubelet that its candidate has broken makes its answers wrong, and holds nobody up for long', { timeout: 300_000 }, async () => {
  // A grading of its own: how long one waits in all is bounded, and the test before has used that up.
  await run(() => activities().openGrader(request()));
  // For as long as a node counts as heard of, and all that it says as so.
  await inContainer('node', '0:0', 'systemctl stop kubelet; sleep 16');
  const begun = performance.now();
  const checks = verdicts(await grade('outage'));
  const first = performance.now() - begun;
  expect(checks).toMatchObject({ ready: 'failed', node: 'failed', placed: 'failed' });
  expect(first).toBeLessThan(100_000);
  await inContainer('node', '0:0', 'systemctl start kubelet');
});
