/** What setup and checks of a pack may do, good and bad, on a real cluster. */
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '@ckx/blobs';
import { CheckId, QuestionId, type CheckResult, type EnvironmentSpec } from '@ckx/contracts';
import { assetsFolder } from '@ckx/execution-environment';
import { createCatalog, type Catalog, type LabPack } from '@ckx/lab-packs';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnvironmentActivities, createGradingActivities, createQuestionActivities } from './host.ts';

const LAB = 'trial';

/** A pack with one check of every fate, and a setup that fails the first time. */
const FILES: Record<string, string> = {
  'lab.yaml': `id: ${LAB}\ntitle: Trial\ncategory: CKAD\ntype: mock\ndescription: Trial\ndifficulty: easy\ndurationMinutes: 5\npassPercent: 50\nquestions: [fates, unsettled, slow]\n`,
  'questions/fates/question.md': 'Nothing to do.\n',
  'questions/fates/question.yaml': [
    'title: Fates',
    'domain: Trial',
    'checks:',
    ...['passes', 'fails', 'loud', 'missing', 'broken', 'after'].map((id) => `  - { id: ${id}, description: It ${id}, weight: 2 }`),
    '  - { id: hangs, description: It hangs, weight: 2, timeoutSeconds: 1 }',
    '  - { id: alone, description: Alone, weight: 2, serial: true }',
    '',
  ].join('\n'),
  'questions/fates/setup.sh': 'kubectl create namespace trial\necho again >>/tmp/exam/times\n',
  'questions/fates/checks/passes.sh': 'kubectl get namespace trial -o name\n',
  'questions/fates/checks/fails.sh': 'echo expected 3, found 2 >&2; exit 1\n',
  'questions/fates/checks/loud.sh': 'head -c 100000000 /dev/zero | tr "\\0" x; exit 1\n',
  'questions/fates/checks/broken.sh': 'if true; then\n',
  'questions/fates/checks/after.sh': 'sleep 0.2\n',
  'questions/fates/checks/hangs.sh': 'sleep 300\n',
  'questions/fates/checks/alone.sh': '! pgrep -f "exam-assets/questions/fates/checks/(passes|loud|hangs|after)"\n',
  'questions/unsettled/question.md': 'Nothing to do.\n',
  'questions/unsettled/question.yaml': 'title: Unsettled\ndomain: Trial\nchecks:\n  - { id: one, description: One, weight: 1 }\n',
  'questions/unsettled/setup.sh': 'echo the deployment is not there >&2; exit 3\n',
  'questions/unsettled/checks/one.sh': 'true\n',
  'questions/slow/question.md': 'Nothing to do.\n',
  'questions/slow/question.yaml': 'title: Slow\ndomain: Trial\nchecks:\n  - { id: one, description: One, weight: 1 }\n',
  'questions/slow/setup.sh': 'echo begun >>/tmp/exam/begun\nsleep 1\necho done >>/tmp/exam/begun\n',
  'questions/slow/checks/one.sh': 'true\n',
};

/** What the control plane was handed. */
const evidence: string[] = [];
const controlPlane = {
  fetchPack: () => Promise.resolve(null),
  keepEvidence: (text: string) => {
    evidence.push(text);
    return Promise.resolve(digestOf(Buffer.from(text)));
  },
};
let engine: TestEngine;
let spec: EnvironmentSpec;
let catalog: Catalog;
let pack: LabPack;
const labs = () => join(engine.workDir, 'labs');
const request = () => ({ spec, labId: pack.summary.id, digest: pack.digest });

/** Runs an activity in an activity's context. */
async function run<R>(activity: () => Promise<R>): Promise<R> {
  return new MockActivityEnvironment().run(activity);
}
function activities() {
  const packs = { provider: engine.provider, catalog, workDir: engine.workDir, ...controlPlane };
  return { ...createEnvironmentActivities(packs), ...createQuestionActivities(packs), ...createGradingActivities(packs) };
}

beforeAll(async () => {
  engine = await testEngine();
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(join(labs(), LAB, dirname(path)), { recursive: true });
    await writeFile(join(labs(), LAB, path), content);
  }
  catalog = createCatalog([labs()]);
  const found = catalog.list()[0];
  if (found === undefined) throw new Error(JSON.stringify(catalog.problems()));
  pack = found;
  spec = await testSpec();
  await run(() => activities().createEnvironment(spec));
  await run(() => activities().awaitEnvironment({ spec, until: 'control_plane' }));
  await run(() => activities().openTerminal(spec));
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

describe('questions', () => {
  it('are set up once, and a setup that fails says why', async () => {
    await run(() => activities().prepareQuestions(request()));
    await run(() => activities().setUpQuestion({ ...request(), questionId: QuestionId.parse('fates') }));
    await run(() => activities().setUpQuestion({ ...request(), questionId: QuestionId.parse('fates') }));
    await expect(run(() => activities().setUpQuestion({ ...request(), questionId: QuestionId.parse('unsettled') }))).rejects.toMatchObject({
      type: 'QUESTION_SETUP_FAILED',
      nonRetryable: false,
      message: expect.stringMatching(/question unsettled ended with exit code 3.*the deployment is not there/s) as string,
    });
    const execution = { command: ['cat', '/tmp/exam/times'], timeoutMs: 5_000, outputLimitBytes: 100 };
    const times = await engine.provider.exec(spec, 'setup', execution, new AbortController().signal);
    expect(times.stdout).toBe('again\n');
    // A worker that died has left one running: the attempt after it waits for that, and does nothing again.
    const slow = () => run(() => activities().setUpQuestion({ ...request(), questionId: QuestionId.parse('slow') }));
    await Promise.all([slow(), slow()]);
    const begun = await engine.provider.exec(
      spec,
      'setup',
      { ...execution, command: ['cat', '/tmp/exam/begun'] },
      new AbortController().signal,
    );
    expect(begun.stdout).toBe('begun\ndone\n');
    await run(() => activities().finishQuestions({ spec }));
  });
});

describe('grading', () => {
  let results: Map<string, CheckResult>;

  beforeAll(async () => {
    // What the candidate's session was made of counts, not what became of the pack meanwhile.
    await writeFile(join(labs(), LAB, 'questions/fates/checks/passes.sh'), 'exit 1\n');
    catalog.reload();
    await run(() => activities().openGrader(request()));
    const graded = await run(() => activities().gradeQuestion({ ...request(), questionId: QuestionId.parse('fates') }));
    results = new Map(graded.checks.map((check) => [check.checkId, check]));
    expect(graded.checks.map(({ checkId }) => checkId)).toEqual([
      'passes',
      'fails',
      'loud',
      'missing',
      'broken',
      'after',
      'hangs',
      'alone',
    ]);
    await run(() => activities().closeGrader({ spec }));
  });
  const result = (id: string) => results.get(CheckId.parse(id));

  it('passes and fails by exit code, with evidence', () => {
    expect(result('passes')).toMatchObject({ verdict: 'passed', exitCode: 0, weight: 2, evidence: 'namespace/trial' });
    expect(result('fails')).toMatchObject({ verdict: 'failed', exitCode: 1, evidence: 'expected 3, found 2' });
    expect(result('after')).toMatchObject({ verdict: 'passed' });
  });

  it('cuts the evidence of a check that prints 100 MB', () => {
    expect(result('loud')).toMatchObject({ verdict: 'failed', exitCode: 1 });
    expect(result('loud')?.evidence.length).toBeLessThanOrEqual(2_000);
    expect(evidence).toEqual([expect.stringMatching(/^x{65024}\n… 99869952 bytes left out …\nx{65024}$/)]);
    expect(result('loud')).toMatchObject({ evidenceBlob: digestOf(Buffer.from(evidence[0] ?? '')) });
  });

  it('never calls a check that could not be decided failed', () => {
    expect(result('missing')).toMatchObject({ verdict: 'errored', exitCode: null, reason: expect.stringContaining('missing') as string });
    expect(result('broken')).toMatchObject({ verdict: 'errored', reason: expect.stringContaining('syntax error') as string });
    expect(result('hangs')).toMatchObject({ verdict: 'errored', exitCode: null, reason: expect.stringContaining('1 s') as string });
  });

  it('runs serial checks beside no other', () => {
    expect(result('alone')).toMatchObject({ verdict: 'passed' });
  });

  it('counts nothing of checks under which the node died, and starts it again before it looks anew', { timeout: 400_000 }, async () => {
    const grade = () => run(() => activities().gradeQuestion({ ...request(), questionId: QuestionId.parse('fates') }));
    await run(() => activities().openGrader(request()));
    const interrupted = expect(grade()).rejects.toMatchObject({ type: 'NODE_DIED', nonRetryable: false });
    await sleep(500);
    await engine.docker.getContainer(`ckx-node-${spec.examSessionId}`).kill({ signal: 'SIGKILL' });
    await interrupted;
    const { checks } = await grade();
    expect(checks.find(({ checkId }) => checkId === 'passes')).toMatchObject({ verdict: 'passed' });
    await run(() => activities().closeGrader({ spec }));
  });

  it('throws, rather than decides, when the grader is not there', async () => {
    await expect(run(() => activities().gradeQuestion({ ...request(), questionId: QuestionId.parse('fates') }))).rejects.toMatchObject({
      type: 'CONTAINER_NOT_RUNNING',
      nonRetryable: false,
    });
  });

  it('refuses a pack that neither this host nor the control plane has', async () => {
    const other = { ...request(), spec: await testSpec(), digest: pack.digest };
    await expect(run(() => activities().prepareQuestions(other))).rejects.toMatchObject({ type: 'LAB_PACK_CHANGED', nonRetryable: true });
  });
});

describe('the end', () => {
  it('removes the pack of the session with it', async () => {
    await access(assetsFolder(engine.workDir, spec.examSessionId));
    await run(() => activities().closeEnvironment(spec));
    await run(() => activities().destroyEnvironment(spec));
    await run(() => activities().destroyEnvironment(spec));
    expect(await engine.remains()).toEqual([]);
    expect(await readdir(engine.workDir)).toEqual(['labs']);
  });
});
