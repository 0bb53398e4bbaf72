/** The oracle of a lab in any folder: its author needs no installation that offers it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LabSummary } from '@ckx/contracts';
import { runCkx, type CkxOutcome } from '@ckx/test-support/ckx';
import { ApiClient } from '@ckx/test-support/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { running } from './support.ts';

const ID = 'somebodys-draft';
const FILES: Readonly<Record<string, string>> = {
  'lab.yaml': `id: ${ID}\ntitle: A draft\ncategory: CKAD\ntype: full\ndescription: A draft.\ndifficulty: easy\ndurationMinutes: 5\npassPercent: 50\nquestions: [one]\n`,
  'questions/one/question.md': 'Make a ConfigMap named `stone-wall` in the namespace `default`.\n',
  'questions/one/question.yaml':
    'title: One\ndomain: Drafts\nnamespace: default\nchecks:\n  - { id: exists, description: The ConfigMap exists, weight: 1 }\n',
  'questions/one/checks/exists.sh': 'kubectl -n default get configmap stone-wall -o name\n',
  'questions/one/solution.sh': 'kubectl -n default create configmap stone-wall\n',
};

const Report = z.object({
  labId: z.string(),
  ok: z.boolean(),
  percent: z.object({ untouched: z.int(), solved: z.int() }),
  deviations: z.array(z.string()),
});

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ckx-draft-'));
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(join(home, 'draft', dirname(path)), { recursive: true });
    await writeFile(join(home, 'draft', path), content);
  }
});
afterAll(() => rm(home, { recursive: true }));

function verify(): Promise<CkxOutcome> {
  const env = { XDG_CONFIG_HOME: home, CKX_DATA_DIR: inject('dataDir') };
  return runCkx(['labs', 'verify', join(home, 'draft'), '--json'], { env });
}

it('is verified on real sessions from its folder alone, and is in no catalogue for it', async () => {
  const { exitCode, stdout, stderr } = await verify();
  expect(exitCode, stderr + stdout).toBe(0);
  expect(Report.parse(JSON.parse(stdout))).toEqual({ labId: ID, ok: true, percent: { untouched: 0, solved: 100 }, deviations: [] });
  const labs = await new ApiClient((await running()).apiUrl).get('/labs', z.array(LabSummary));
  expect(labs.map(({ id }) => String(id))).not.toContain(ID);
});

it('is found out when its solution no longer solves it, although the one before did', async () => {
  await writeFile(join(home, 'draft/questions/one/solution.sh'), 'kubectl -n default create configmap another-wall\n');
  const { exitCode, stdout, stderr } = await verify();
  expect(exitCode, stderr).toBe(1);
  expect(Report.parse(JSON.parse(stdout))).toMatchObject({ ok: false, percent: { untouched: 0, solved: 0 } });
});
