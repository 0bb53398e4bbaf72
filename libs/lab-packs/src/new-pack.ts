/** A small pack to begin with. It is what docs/labs/format.md shows. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CkxError, LabId, type LabCategory, type LabType } from '@ckx/contracts';

export interface NewPack {
  readonly category: LabCategory;
  readonly type: LabType;
}

/** A domain of each published curriculum, to begin with. */
const DOMAINS: Readonly<Record<LabCategory, string>> = {
  CKAD: 'Application Environment, Configuration and Security',
  CKA: 'Workloads and Scheduling',
  CKS: 'Minimize Microservice Vulnerabilities',
  DOCKER: 'Image Creation, Management, and Registry',
  HELM: 'Managing Charts',
};

/**
 * Makes the folder, whose name is the lab's id, with a pack of one question.
 *
 * @returns the files, relative to the folder.
 * @throws CkxError `LAB_NAME_INVALID`; `FOLDER_NOT_EMPTY` where something is there: nothing is ever overwritten.
 */
export async function makePack(folder: string, about: NewPack): Promise<readonly string[]> {
  const id = LabId.safeParse(basename(resolve(folder)));
  if (!id.success) {
    throw new CkxError('user', 'LAB_NAME_INVALID', `“${basename(resolve(folder))}” cannot be the id of a lab.`, {
      remedy: 'Name the folder with lower-case letters, digits, dots, dashes and underscores; at most 64.',
    });
  }
  const there = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new CkxError('user', 'FOLDER_UNUSABLE', `${folder} is no folder that can be used.`, {
      remedy: 'Name another one.',
      cause: error,
    });
  });
  if (there.length > 0) {
    throw new CkxError('user', 'FOLDER_NOT_EMPTY', `There is something in ${folder} already.`, {
      remedy: 'Name a folder that is not there.',
    });
  }
  const files = filesOf(id.data, about);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
  }
  return Object.keys(files);
}

function filesOf(id: LabId, { category, type }: NewPack): Readonly<Record<string, string>> {
  const question = 'questions/first-steps';
  const withCluster = category !== 'DOCKER';
  const parts = withCluster ? IN_A_CLUSTER : WITHOUT_CLUSTER;
  return {
    'lab.yaml': `id: ${id}
title: '${id}'
category: ${category}
type: ${type}
description: What a candidate practises here.
difficulty: medium
durationMinutes: ${type === 'mock' ? 30 : 120}
passPercent: 66
environment:
${withCluster ? '  cluster: dedicated\n' : '  cluster: none\n  dockerEngine: true\n'}questions:
  - first-steps
`,
    [`${question}/question.yaml`]: `title: A first task
domain: ${DOMAINS[category]}
level: easy
${withCluster ? 'namespace: greeting\n' : ''}targetMinutes: 2
checks:
  - id: text-stored
    description: ${withCluster ? 'The ConfigMap holds the text' : 'The file holds the text'}
    weight: 4
`,
    ...Object.fromEntries(Object.entries(parts).map(([path, content]) => [`${question}/${path}`, content])),
  };
}

const IN_A_CLUSTER: Readonly<Record<string, string>> = {
  'question.md': `In the namespace \`greeting\`, which exists, create a ConfigMap named \`welcome\` with the key \`text\` and the value \`hello\`.
`,
  'setup.sh': `set -euo pipefail
kubectl create namespace greeting --dry-run=client -o yaml | kubectl apply -f -
`,
  'checks/text-stored.sh': `. "$CKX_CHECKS/1.sh"
expect 'text in the ConfigMap welcome' hello "$(value_of greeting configmap welcome .data.text)"
pass 'the text is there'
`,
  'solution.sh': `set -e
kubectl -n greeting create configmap welcome --from-literal=text=hello
`,
};

const WITHOUT_CLUSTER: Readonly<Record<string, string>> = {
  'question.md': `Write the word \`hello\` into the file \`welcome.txt\` in your home folder.
`,
  'setup.sh': `set -euo pipefail
rm -f /home/candidate/welcome.txt
`,
  'checks/text-stored.sh': `. "$CKX_CHECKS/1.sh"
expect 'text in welcome.txt' hello "$(cat /home/candidate/welcome.txt 2> /dev/null)"
pass 'the text is there'
`,
  'solution.sh': `set -e
echo hello > ~/welcome.txt
`,
};
