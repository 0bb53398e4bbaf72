/** What the grader asks of a cluster that is shared: with an account that has one namespace, and by its token. */
import { digestOf } from '@ckx/blobs';
import { EnvironmentNeeds, namespaceOf, QuestionId, type EnvironmentSpec } from '@ckx/contracts';
import { testEngine, testSpec, type TestEngine } from '@ckx/test-support/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { look, lookAtRest } from './look.ts';
import { collectObjects } from './objects.ts';
import type { CheckPlace } from './run-checks.ts';

const { signal } = new AbortController();

let engine: TestEngine;
let spec: EnvironmentSpec;
let place: CheckPlace;
beforeAll(async () => {
  engine = await testEngine();
  const { provider } = engine;
  spec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ cluster: 'namespace' }) };
  place = { provider, spec, role: 'grader', signal };
  await provider.create(spec, { signal });
  for (const until of ['control_plane', 'node_ready', 'workloads'] as const) await provider.awaitMilestone(spec, until, { signal });
  await provider.openTerminal(spec, { signal });
  await provider.openToolbox(spec, 'grader', import.meta.dirname);
}, 240_000);
afterAll(() => engine[Symbol.asyncDispose](), 120_000);

it('sees which start of the API server answers, and that the cluster is at rest', async () => {
  const first = await lookAtRest(place);
  expect(first).toMatchObject({ restless: '', cluster: expect.stringMatching(/^cluster apiserver-\S+ controlplane=True@/) as string });
  expect(await look(place)).toEqual(first);
});

it('keeps the objects of the session’s own namespace', async () => {
  const kept: string[] = [];
  const keepEvidence = (text: string) => {
    kept.push(text);
    return Promise.resolve(digestOf(Buffer.from(text)));
  };
  const view = { id: QuestionId.parse('q'), position: 1, title: 'q', domain: 'q', weight: 1, text: 'q' };
  expect(await collectObjects(place, view, { keepEvidence })).toMatchObject({ namespace: namespaceOf(spec.examSessionId), cut: false });
  expect(kept.join()).toContain('name: ckx-walls');
});
