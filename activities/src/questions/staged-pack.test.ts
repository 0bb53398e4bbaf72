import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EnvironmentSpec, ExamSessionId, QuestionId, type PackDigest } from '@ckx/contracts';
import { CHECK_FUNCTIONS_FOLDER, createCatalog, loadPack, packArchive, type LabPack } from '@ckx/lab-packs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ASSETS_IN_TOOLBOX, PACK_ENVIRONMENT, questionOf, stageFor, type PackDependencies, type PackRequest } from './staged-pack.ts';

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

it('fetches the pack where it was changed on disk since it was read: asking again would find it no other', async () => {
  const pinned = makePack('mine', 'mine');
  const archive = await packArchive(pinned);
  const [{ dependencies, asked }, alone] = [host([pinned.root], archive), host([pinned.root])];
  makePack('mine', 'edited');
  expect(check(await stageFor(dependencies, requestFor(pinned)))).toBe('echo mine\n');
  expect(asked).toEqual([pinned.digest]);
  await expect(stageFor(alone.dependencies, requestFor(pinned))).rejects.toMatchObject({ kind: 'user', code: 'LAB_PACK_CHANGED' });
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

it('puts the functions for checks beside the pack, where they change nothing of its digest', async () => {
  const pack = makePack('mine', 'mine');
  const { dependencies } = host([pack.root]);
  const staged = await stageFor(dependencies, requestFor(pack));
  const functions = join(staged, CHECK_FUNCTIONS_FOLDER, '1.sh');
  expect(readFileSync(functions, 'utf8')).toContain('until_true()');
  expect(loadPack(staged).root).toBe(realpathSync(staged));
  expect(PACK_ENVIRONMENT.CKX_CHECKS).toBe(`${ASSETS_IN_TOOLBOX}/${CHECK_FUNCTIONS_FOLDER}`);
  // A copy that a worker without the functions made gets them as well; those that are there stay.
  const request = requestFor(pack);
  const copy = await stageFor(dependencies, request);
  rmSync(join(copy, '.ckx'), { recursive: true });
  await Promise.all([stageFor(dependencies, request), stageFor(dependencies, request)]);
  expect(readdirSync(copy).filter((name) => name.startsWith('.'))).toEqual(['.ckx']);
  expect(existsSync(join(copy, CHECK_FUNCTIONS_FOLDER, '1.sh'))).toBe(true);
});
