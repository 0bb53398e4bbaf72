import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_CATEGORIES, LAB_TYPES } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { IMAGES_FROM_BIRTH } from '../src/lint/images.ts';
import { findingOf, lintPack, loadPack, makePack, readPack } from '../src/index.ts';
import { SpoiledPack, TINY, temporaryFolder } from './packs.ts';

const GREET = 'questions/greet';
const CHECK = `${GREET}/checks/file-greets.sh`;

/** What lint says of a pack of which one file is different. */
function lint(path: string, content: string): string[] {
  const { pack } = new SpoiledPack(TINY).write(path, content).read();
  return pack === null ? ['unusable'] : lintPack(pack).map(({ level, code, place }) => `${level} ${code} ${place}`);
}

describe('a check that succeeds whatever it finds', () => {
  it.each([
    '',
    '# nothing yet\n',
    'exit 0\n',
    'true',
    'echo looking\ncat greeting.txt\necho done\n',
    'grep -q hello greeting.txt || true\n',
    'grep -q hello greeting.txt || echo missing\n',
    'if grep -q hello greeting.txt; then\n  echo yes\nelse\n  echo no\nfi\n',
    '. "$CKX_CHECKS/1.sh"\nseen=$(cat greeting.txt)\nnote "$seen"\npass "$seen"\n',
    '. "$CKX_CHECKS/1.sh"\n',
  ])('is found: %j', (script) => {
    expect(lint(CHECK, script)).toEqual([`error CHECK_CANNOT_FAIL ${CHECK}`]);
  });

  it.each([
    'grep -q hello greeting.txt',
    'grep -q hello greeting.txt && echo there',
    'grep -q hello greeting.txt || exit 1\nexit 0\n',
    'set -e\ngrep -q hello greeting.txt\necho there\n',
    'if grep -q hello greeting.txt; then\n  echo yes\nelse\n  exit 1\nfi\n',
    'if [ -e greeting.txt ]; then\n  grep -q hello greeting.txt\nfi\n',
    'code=0; grep -q hello greeting.txt || code=1\nexit $code\n',
    '. "$CKX_CHECKS/1.sh"\nexpect word hello "$(cat greeting.txt)"\npass there\n',
  ])('is not taken for one: %j', (script) => {
    expect(lint(CHECK, script)).toEqual([]);
  });
});

describe('scripts', () => {
  const fine = 'grep -q hello greeting.txt\n';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['kubectl run x --image=nginx\n', [`warning IMAGE_UNPINNED ${CHECK}:1`]],
    ['kubectl apply -f - << E\n  image: nginx:latest\nE\n', [`warning IMAGE_UNPINNED ${CHECK}:2`]],
    ['kubectl run x --image redis:7.2\n', [`warning IMAGE_UNDECLARED ${CHECK}:1`]],
    ['echo "{image: registry.example.com:5000/web}"\n', [`warning IMAGE_UNPINNED ${CHECK}:1`]],
    ['kubectl run x --image=nginx:1.27\nkubectl run y --image=docker.io/library/busybox:1.36\nkubectl run z --image="$IMAGE"\n', []],
    ['# ckx-lint: allow IMAGE_UNDECLARED\nkubectl run x --image=broken:9.9\n', []],
    ['kubectl run x --image=broken:9.9 # ckx-lint: allow IMAGE_UNPINNED, IMAGE_UNDECLARED\n', []],
    ['# ckx-lint: allow HOST_UNREACHABLE\nkubectl run x --image=broken:9.9\n', [`warning IMAGE_UNDECLARED ${CHECK}:2`]],
    ['curl -sf https://get.helm.sh/x\n', [`warning HOST_UNREACHABLE ${CHECK}:1`]],
    ['curl -sf ftp://u:p@mirror.site.net:21/x\n', [`warning HOST_UNREACHABLE ${CHECK}:1`]],
    [
      'curl http://web; curl http://$ip/; curl http://10.0.0.1:80; curl http://a.b.svc.cluster.local; curl https://shop.example.com/x # https://kubernetes.io\n',
      [],
    ],
    ['../helper.sh\n', [`warning SCRIPT_NOT_EXECUTABLE ${CHECK}:1`]],
    ['if "${BASH_SOURCE[0]%/*}/helper.sh"; then exit 1; fi\n', [`warning SCRIPT_NOT_EXECUTABLE ${CHECK}:1`]],
    ['bash "${BASH_SOURCE[0]%/*}/helper.sh"\n. "${BASH_SOURCE[0]%/*}/helper.sh"\n', []],
    ['#!/usr/bin/env python3\nx=1\n', [`warning SHEBANG_IGNORED ${CHECK}:1`]],
    ['#!/usr/bin/env bash\n', []],
    [
      'kubectl -n lobby get pod greeter\nkubectl -n attic get cm lobby\n',
      [`warning CHECK_NAME_UNKNOWN ${CHECK}:2`, `warning CHECK_NAME_UNKNOWN ${CHECK}:1`],
    ],
    ['kubectl get deployment/desk -n kube-system -o json\n', [`warning CHECK_NAME_UNKNOWN ${CHECK}:1`]],
    [
      'ready_pods lobby desk; value_of lobby configmap sign .data.x; kubectl -n "$space" get pod "$name"\n',
      [`warning CHECK_NAME_UNKNOWN ${CHECK}:1`, `warning CHECK_NAME_UNKNOWN ${CHECK}:1`],
    ],
    ['kubectl -n lobby run probe --image=busybox:1.36\nkubectl -n lobby get pod probe\n', []],
  ];
  it.each(cases)('%j', (script, findings) => {
    expect(lint(CHECK, script + fine)).toEqual(findings);
  });

  it('of setup stop at the first error', () => {
    expect(lint(`${GREET}/setup.sh`, 'rm -f greeting.txt # lobby\n')).toEqual([`warning SETUP_NOT_STRICT ${GREET}/setup.sh`]);
    for (const first of ['set -euo pipefail', 'set -o errexit', 'set -ux -o errexit'])
      expect(lint(`${GREET}/setup.sh`, `${first}\n# lobby\n`)).toEqual([]);
  });
});

it('checks that wait for long are found, and files that they source, once each', () => {
  const source = (file: string) => `. "\${BASH_SOURCE[0]%/*}/../${file}"\n`;
  const pack = new SpoiledPack(TINY);
  pack.write(CHECK, `. "$CKX_CHECKS/2.sh"\n${source('wait.sh')}until_true 15 ready || fail late\nexpect_soon 16 word a b\n`);
  pack.write(
    `${GREET}/checks/file-is-short.sh`,
    `${source('wait.sh')}${source('../../../outside.sh')}kubectl -n lobby wait pod --all --timeout=60s\n`,
  );
  pack.write(`${GREET}/wait.sh`, 'wait_for 45 readiness ready\n# ckx-lint: allow WAIT_TOO_LONG\nwait_for 45 readiness ready\n');
  const { pack: read } = pack.read();
  expect(read && lintPack(read).flatMap(({ code, place }) => (code === 'WAIT_TOO_LONG' ? [place] : []))).toEqual([
    `${GREET}/wait.sh:1`,
    `${CHECK}:4`,
    `${GREET}/checks/file-is-short.sh:3`,
  ]);
});

it('setups that make the same thing at the same moment are found, unless one of them waits', () => {
  const count = 'questions/count';
  const pack = new SpoiledPack(TINY);
  pack.write(`${GREET}/setup.sh`, 'set -e # lobby\nkubectl create namespace yard\necho "nodePort: 30080"\n');
  pack.write(
    `${count}/setup.sh`,
    'set -e\nkubectl create ns yard-2\ncat << E\nkind: Namespace\nmetadata: { name: yard }\nnodePort: 30080\nE\n',
  );
  const collisions = () => {
    const { pack: read } = pack.read();
    return read && lintPack(read).flatMap(({ code, place, message }) => (code === 'SETUPS_COLLIDE' ? [`${place} ${message}`] : []));
  };
  expect(collisions()).toEqual([
    `${count}/setup.sh:4 The setup of “greet” makes the namespace “yard” as well, perhaps at the same moment.`,
    `${count}/setup.sh:6 The setup of “greet” makes the node port “30080” as well, perhaps at the same moment.`,
  ]);
  pack.change(`${count}/question.yaml`, 'checks:', 'setupSerial: true\nchecks:');
  expect(collisions()).toEqual([]);
});

it('documentation is what candidates may read', () => {
  const pack = new SpoiledPack(TINY).change(
    `${GREET}/question.yaml`,
    'namespace:',
    'documentation: [https://kubernetes.io/docs, https://blog.site.net/x]\nnamespace:',
  );
  const { pack: read } = pack.read();
  expect(read && lintPack(read).map(({ code, message }) => [code, message])).toEqual([
    ['DOCUMENTATION_HOST', expect.stringContaining('blog.site.net')],
  ]);
});

it('every finding has a code, a file, a line where there is one, a sentence and a remedy', () => {
  const spoiled = new SpoiledPack(TINY).remove('questions/count/solution.sh').write(CHECK, 'curl https://a.site.net\r\n');
  const { pack } = spoiled.read();
  expect(pack && lintPack(pack)).toEqual([
    {
      level: 'warning',
      code: 'PACK_FORMAT',
      file: CHECK,
      line: null,
      place: CHECK,
      message: expect.stringMatching(/Windows/) as string,
      remedy: expect.stringMatching(/\.$/) as string,
    },
    {
      level: 'warning',
      code: 'HOST_UNREACHABLE',
      file: CHECK,
      line: 1,
      place: `${CHECK}:1`,
      message: expect.stringMatching(/\.$/) as string,
      remedy: expect.stringMatching(/\.$/) as string,
    },
    {
      level: 'warning',
      code: 'SOLUTION_MISSING',
      file: 'questions/count/solution.sh',
      line: null,
      place: 'questions/count/solution.sh',
      message: expect.stringMatching(/\.$/) as string,
      remedy: expect.stringMatching(/\.$/) as string,
    },
  ]);
  const [finding] = spoiled.change('lab.yaml', 'type: mock\n', '').read().problems.map(findingOf);
  expect(finding).toMatchObject({ level: 'error', file: 'lab.yaml', line: 1, place: 'lab.yaml:1:1' });
});

it('the images that a node has from birth are those that are composed', () => {
  const composed = readFileSync(join(import.meta.dirname, '../../../images/workloads/compose.sh'), 'utf8');
  const components = [...composed.matchAll(/^component (\S+)/gm)].map(
    ([, name]) => `registry.k8s.io/${name}:${/\$1:(v[\d.]+)"/.exec(composed)?.[1]}`,
  );
  const images = [...composed.matchAll(/\b(?:docker\.io|registry\.k8s\.io)\/[\w./-]+:[\w.-]+/g)].map(([name]) => name);
  expect([...IMAGES_FROM_BIRTH].sort()).toEqual([...new Set([...images, ...components])].sort());
});

const NAMED = 'namespace: lobby\n';

describe('a lab whose cluster is shared', () => {
  const shared = (environment: string) => {
    return new SpoiledPack(TINY).change('lab.yaml', 'environment:\n  cluster: none', `environment: ${environment}`);
  };
  const found = (pack: SpoiledPack) =>
    lintPack(pack.read().pack ?? expect.fail()).map(({ level, code, place }) => `${level} ${code} ${place}`);

  it('names no namespace of its own', () => {
    const pack = shared('{ cluster: namespace }');
    const file = `${GREET}/question.yaml`;
    expect(found(pack)).toEqual([`error NAMESPACE_NOT_OWN ${file}`]);
    expect(found(pack.change(file, NAMED, ''))).toEqual([]);
  });

  it.each(['nodes: 2', 'addons: [metrics]', 'egress: internet'])('asks for nothing that belongs to all: %s', (also) => {
    const pack = shared(`{ cluster: namespace, ${also} }`).change(`${GREET}/question.yaml`, NAMED, '');
    expect(found(pack)).toEqual(['error NEEDS_NOT_TOGETHER lab.yaml']);
  });
});

describe('a new pack', () => {
  it.each(LAB_CATEGORIES.flatMap((category) => LAB_TYPES.map((type) => [category, type] as const)))(
    'of %s, %s, has nothing that lint finds',
    async (category, type) => {
      const folder = join(temporaryFolder(), 'my-lab');
      const files = await makePack(folder, { category, type });
      const { pack, problems } = readPack(folder);
      expect(problems).toEqual([]);
      expect(pack && lintPack(pack)).toEqual([]);
      expect(pack?.summary).toMatchObject({ id: 'my-lab', category, type });
      expect(files).toContain('questions/first-steps/solution.sh');
    },
  );

  it('is what the documentation shows', async () => {
    const folder = join(temporaryFolder(), 'greeting');
    await makePack(folder, { category: 'CKAD', type: 'mock' });
    const docs = readFileSync(join(import.meta.dirname, '../../../docs/labs/format.md'), 'utf8');
    for (const file of ['question.yaml', 'question.md', 'setup.sh', 'checks/text-stored.sh', 'solution.sh']) {
      expect(docs).toContain(readFileSync(join(folder, 'questions/first-steps', file), 'utf8').trim());
    }
  });

  it('overwrites nothing, and has an id', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine'), 'mine');
    await expect(makePack(folder, { category: 'CKA', type: 'full' })).rejects.toMatchObject({
      kind: 'user',
      code: expect.stringMatching(/LAB_NAME_INVALID|FOLDER_NOT_EMPTY/) as string,
    });
    await makePack(join(folder, 'a-lab'), { category: 'CKA', type: 'full' });
    await expect(makePack(join(folder, 'a-lab'), { category: 'CKA', type: 'full' })).rejects.toMatchObject({ code: 'FOLDER_NOT_EMPTY' });
    await expect(makePack(join(folder, 'Not A Lab'), { category: 'CKA', type: 'full' })).rejects.toMatchObject({
      code: 'LAB_NAME_INVALID',
    });
    await expect(makePack(join(folder, 'mine'), { category: 'CKA', type: 'full' })).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' });
    expect(loadPack(join(folder, 'a-lab')).summary.type).toBe('full');
  });
});
