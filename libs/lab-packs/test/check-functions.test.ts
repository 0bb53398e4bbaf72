/**
 * The functions for checks, run by a real bash. `kubectl` is a stand-in that prints files: what is tried here is the handling of text, time
 * and exit codes in the shell, and nothing about clusters.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from './packs.ts';

const FUNCTIONS = join(import.meta.dirname, '../checks');

const ITEMS = z.object({ items: z.array(z.looseObject({})) });

/** Prints the file that is called as the resource asked for; fails where there is none. */
const KUBECTL_STAND_IN = `#!/bin/bash
args=("$@"); wanted=()
for ((i = 0; i < \${#args[@]}; i++)); do
  case \${args[i]} in --request-timeout=*|get) ;; -n|-o|--raw) [ "\${args[i]}" = --raw ] || i=$((i + 1)) ;; *) wanted+=("\${args[i]##*/}") ;; esac
done
file=$STAND_IN/$(IFS=-; echo "\${wanted[*]}")
[ -e "$file" ] && cat "$file" || { echo "stand-in: no $file" >&2; exit 1; }
`;

/** @param objects what the stand-in knows, by kind and name: \`configmap-web\`. */
function run(script: string, objects: Readonly<Record<string, string>> = {}, version = 1) {
  const folder = temporaryFolder();
  const [bin, known] = [join(folder, 'bin'), join(folder, 'objects')];
  mkdirSync(bin);
  mkdirSync(known);
  writeFileSync(join(bin, 'kubectl'), KUBECTL_STAND_IN);
  chmodSync(join(bin, 'kubectl'), 0o755);
  writeFileSync(join(folder, 'kubeconfig'), 'stand-in');
  for (const [name, content] of Object.entries({ readyz: 'ok', ...objects })) writeFileSync(join(known, name), content);
  writeFileSync(join(folder, 'check.sh'), `. "$CKX_CHECKS/${version}.sh"\n${script}\n`);
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    CKX_CHECKS: FUNCTIONS,
    STAND_IN: known,
    KUBECONFIG: join(folder, 'kubeconfig'),
    HERE: folder,
  };
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'check.sh')], { env, encoding: 'utf8', timeout: 30_000 });
  return { status, said: stdout.trim().split('\n'), stderr };
}

it.each([
  [1, '6cbeadb087fd885d6330d69a22c2fe9a5103026d6da0b501e825b8f4fc90d2c4'],
  [2, '31abfc75d50290214a5bda29f3a3abd6db6146504150550f9f4159d35191c8e6'],
])('version %i is what it was: a change needs a next version, for pinned packs rely on this one', (version, digest) => {
  const text = readFileSync(join(FUNCTIONS, `${version}.sh`));
  expect(createHash('sha256').update(text).digest('hex')).toBe(digest);
});

describe('a check', { timeout: 60_000 }, () => {
  it('compares, and says what was expected and what was found', () => {
    expect(run(`expect colour 'dark blue' 'dark blue'; pass done`)).toMatchObject({
      status: 0,
      said: ['colour: expected "dark blue", seen "dark blue"', 'OK: done'],
      stderr: '',
    });
    expect(run(`expect colour blue ''; pass done`)).toMatchObject({
      status: 1,
      said: ['colour: expected "blue", seen ""', 'NOT OK: colour'],
    });
    expect(run(`expect_match answer '^v[0-9]+$' v12; expect_match answer '^v[0-9]+$' 'v1 2'`)).toMatchObject({
      status: 1,
      said: [expect.stringContaining('seen "v12"'), expect.stringContaining('seen "v1 2"'), 'NOT OK: answer'],
    });
  });

  it.each([
    ['3', 0],
    ['08', 0],
    ['2', 1],
    ['', 1],
    ['-5', 1],
    ['a[$(exit 9)]', 1],
  ])('takes at least 3 for %j with exit code %i', (seen, status) => {
    expect(run(`expect_at_least Pods 3 '${seen}'; pass done`)).toMatchObject({ status, stderr: '' });
  });

  it('takes what it reads for text, never for code or a pattern', () => {
    expect(run(`expect value '*' "$(echo '$(exit 9)')"`)).toMatchObject({
      status: 1,
      said: [expect.stringContaining('seen "$(exit 9)"'), 'NOT OK: value'],
    });
  });

  it('is undecided, not failed, where the API does not answer', () => {
    const silent = `rm "$STAND_IN/readyz"; fail 'nothing there'`;
    expect(run(silent)).toMatchObject({ status: 75, said: ['NOT OK: nothing there', 'UNDECIDED: The Kubernetes API does not answer.'] });
    // Without a cluster there is no API to ask.
    expect(run(`KUBECONFIG=; ${silent}`)).toMatchObject({ status: 1 });
  });

  it('waits until something is true, within its limit, and says what was seen last', () => {
    const count = `tried() { echo x >> $HERE/tries; echo "try $(grep -c x $HERE/tries)"; [ "$(grep -c x $HERE/tries)" -ge 2 ]; }`;
    expect(run(`${count}; wait_for 10 'the second try' tried; pass done`)).toMatchObject({
      status: 0,
      said: ['the second try: yes, "try 2"', 'OK: done'],
    });
    expect(run(`no() { echo not yet; false; }; wait_for 1 'the impossible' no`)).toMatchObject({
      status: 1,
      said: ['the impossible: not within 1 s; seen last: "not yet"', 'NOT OK: the impossible'],
    });
    expect(run(`${count}; expect_soon 10 answer 'try 2' tried; expect_soon 0 answer never tried`)).toMatchObject({
      status: 1,
      said: ['answer: expected "try 2", seen "try 2"', 'answer: expected "never", seen "try 3"', 'NOT OK: answer'],
    });
  });

  it('reads a value of an object; what is not there is empty', () => {
    const objects = { 'configmap-web': '{"data": {"text": "hello", "none": null}, "immutable": false}' };
    const read = (kind: string, filter: string) => run(`value_of any ${kind} web '${filter}'`, objects).said;
    expect([read('configmap', '.data.text'), read('configmap', '.immutable'), read('configmap', '.data.none')]).toEqual([
      ['hello'],
      ['false'],
      [''],
    ]);
    expect(read('secret', '.data.text')).toEqual(['']);
  });

  it('finds the ready Pods of a Deployment by ownership', () => {
    const pod = (name: string, owner: string, ready: string, deleted = false) => ({
      metadata: { name, ownerReferences: [{ uid: owner }], ...(deleted ? { deletionTimestamp: 'now' } : {}) },
      status: { conditions: [{ type: 'Ready', status: ready }] },
    });
    const objects = {
      'deployment-web': 'u1',
      replicasets: JSON.stringify({ items: [{ metadata: { uid: 'r1', ownerReferences: [{ uid: 'u1' }] } }, { metadata: { uid: 'r2' } }] }),
      pods: JSON.stringify({
        items: [pod('mine', 'r1', 'True'), pod('late', 'r1', 'False'), pod('other', 'r2', 'True'), pod('going', 'r1', 'True', true)],
      }),
    };
    expect(run('ready_pods any web', objects).said).toEqual(['mine']);
    expect(run('ready_pods any gone', objects)).toMatchObject({ status: 0, said: [''] });
    const items = [{ kind: 'Deployment', metadata: { name: 'web', uid: 'u1' } }];
    const all = [
      ...items,
      ...ITEMS.parse(JSON.parse(objects.replicasets)).items.map((one) => ({ kind: 'ReplicaSet', ...one })),
      ...ITEMS.parse(JSON.parse(objects.pods)).items.map((one) => ({ kind: 'Pod', ...one })),
    ];
    const together = { 'deployments,replicasets,pods': JSON.stringify({ items: all }) };
    expect(run('ready_pods any web', together, 2).said).toEqual(['mine']);
    expect(run('ready_pods any gone', together, 2)).toMatchObject({ status: 0, said: [''] });
    expect(run('ready_pods any web', {}, 2)).toMatchObject({ status: 0, said: [''] });
  });
});

describe('a check of version 2', { timeout: 60_000 }, () => {
  it('asks for several things at once, and compares each', () => {
    const asked = `asked() { sleep 1; echo "$1 of $2"; }`;
    const begun = performance.now();
    expect(run(`${asked}; expect_each 'what is' 'a of b' asked 'a b' 'a b' 'a b' 'a b' 'a b' 'a b'; pass done`, {}, 2)).toMatchObject({
      status: 0,
      said: [...Array.from({ length: 6 }, () => 'what is a b: expected "a of b", seen "a of b"'), 'OK: done'],
    });
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(run(`${asked}; expect_each 'what is' 'a of b' asked 'a b' 'b c' 'c d'; pass done`, {}, 2)).toMatchObject({
      status: 1,
      said: ['what is a b: expected "a of b", seen "a of b"', 'what is b c: expected "a of b", seen "b of c"', 'NOT OK: what is b c'],
    });
  });

  it('asks for rights in one call, and compares each', () => {
    // Whoever reads may, in place of an API server.
    const api = `k() { tee "$HERE/asked" | jq -c '.status.allowed = (.spec.resourceAttributes.verb == "get")'; }`;
    const rights = `'get pods' 'get pods/log harbor' 'get deployments.apps/scale harbor'`;
    expect(run(`${api}; expect_rights yes olga a,b ${rights}; jq -c .spec "$HERE/asked"; pass done`, {}, 2)).toMatchObject({
      status: 0,
      said: [
        ...['get pods', 'get pods/log harbor', 'get deployments.apps/scale harbor'].map(
          (right) => `olga may ${right}: expected "yes", seen "yes"`,
        ),
        ...[
          { verb: 'get', resource: 'pods', group: '', subresource: '', namespace: '' },
          { verb: 'get', resource: 'pods', group: '', subresource: 'log', namespace: 'harbor' },
          { verb: 'get', resource: 'deployments', group: 'apps', subresource: 'scale', namespace: 'harbor' },
        ].map((resourceAttributes) => JSON.stringify({ user: 'olga', groups: ['a', 'b'], resourceAttributes })),
        'OK: done',
      ],
    });
    expect(run(`${api}; expect_rights yes olga a 'get pods' 'list pods'; pass done`, {}, 2)).toMatchObject({
      status: 1,
      said: [expect.stringContaining('get pods'), 'olga may list pods: expected "yes", seen "no"', 'NOT OK: olga may list pods'],
    });
    const unsaid = 'NOT OK: the API server does not say what olga may do';
    expect(run(`${api}; expect_rights no olga a 'list pods' 'list'; pass done`, {}, 2)).toMatchObject({ status: 1, said: [unsaid] });
    expect(run(`k() { false; }; expect_rights no olga a 'get pods'; pass done`, {}, 2)).toMatchObject({
      status: 75,
      said: [unsaid, expect.stringContaining('UNDECIDED')],
    });
  });
});

it('without the functions a check gives no answer, and no wrong one', () => {
  const { status } = spawnSync('bash', ['-c', '. "$CKX_CHECKS/99.sh"; expect a b c'], {
    env: { PATH: process.env['PATH'], CKX_CHECKS: FUNCTIONS },
  });
  expect(status).toBe(127);
});
