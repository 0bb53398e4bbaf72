import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EnvironmentSpec, ExamSessionId, QuestionId, type PackDigest } from '@ckx/contracts';
import { createCatalog, loadPack, packArchive, type LabPack } from '@ckx/lab-packs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { questionOf, stageFor, type PackDependencies, type PackRequest } from './staged-pack.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ckx-staged-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A pack on disk whose check prints `word`. */
function makePack(name: string, word: string): LabPack {
  const root = join(folder, name);
  const files = {
    'lab.yaml':
      'id: travels\ntitle: T\ncategory: CKAD\ntype: mock\ndescription: T\ndifficulty: easy\ndurationMinutes: 5\npassPercent: 50\nquestions: [one]\n',
    'questions/one/question.md': 'Nothing to do.\n',
    'questions/one/question.yaml': 'title: One\ndomain: T\nchecks:\n  - { id: says, description: It says, weight: 1 }\n',
    'questions/one/checks/says.sh': `echo ${word}\r\n`,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return loadPack(root);
}

function requestFor({ digest, summary }: LabPack): PackRequest {
  const spec = EnvironmentSpec.parse({
    userId: randomUUID(),
    examSessionId: ExamSessionId.parse(randomUUID()),
    executionEnvironmentId: randomUUID(),
    hostId: 'a-host',
    needs: {},
    subnet: '10.0.0.0/26',
    ports: { vnc: 1, sshTerminal: 2, sshJumphost: 3, k8sApi: 4 },
  });
  return { spec, labId: summary.id, digest };
}

/** A host with these labs, and a control plane that has this. */
function host(labs: readonly string[], answer: Uint8Array | null = null) {
  const asked: PackDigest[] = [];
  const dependencies: PackDependencies = {
    catalog: createCatalog(labs),
    workDir: join(folder, 'work'),
    fetchPack: (digest) => {
      asked.push(digest);
      return Promise.resolve(answer);
    },
  };
  return { dependencies, asked };
}

const check = (staged: string) => readFileSync(join(staged, 'questions/one/checks/says.sh'), 'utf8');
const one = QuestionId.parse('one');

it('takes the pack from this host’s folders where they have it', async () => {
  const pack = makePack('mine', 'mine');
  const { dependencies, asked } = host([pack.root]);
  expect(check(await stageFor(dependencies, requestFor(pack)))).toBe('echo mine\n');
  expect(asked).toEqual([]);
});

it('fetches the pack where they do not, or have another under its id, once per session, in the form in which scripts run', async () => {
  const [mine, theirs] = [makePack('mine', 'mine'), makePack('theirs', 'theirs')];
  for (const labs of [[], [mine.root]]) {
    const { dependencies, asked } = host(labs, await packArchive(theirs));
    const request = requestFor(theirs);
    expect(check(await stageFor(dependencies, request))).toBe('echo theirs\n');
    expect((await questionOf(dependencies, { ...request, questionId: one })).checks[0]?.script).not.toBeNull();
    expect(asked).toEqual([theirs.digest]);
  }
});

it('believes nothing of what it fetched but the digest, and leaves nothing of it', async () => {
  const [pinned, another] = [makePack('mine', 'mine'), makePack('theirs', 'theirs')];
  const { dependencies } = host([], await packArchive(another));
  await expect(stageFor(dependencies, requestFor(pinned))).rejects.toMatchObject({ code: 'LAB_PACK_DAMAGED' });
  expect(existsSync(dependencies.workDir)).toBe(false);
});

it('says that it is nowhere where it is', async () => {
  await expect(stageFor(host([]).dependencies, requestFor(makePack('mine', 'mine')))).rejects.toMatchObject({
    kind: 'user',
    code: 'LAB_PACK_CHANGED',
  });
});
