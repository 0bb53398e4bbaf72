/** Lab packs that a test writes for itself. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface WrittenQuestion {
  readonly id: string;
  readonly domain: string;
  readonly hints?: readonly string[];
  /** By id: the weight, and what the script does. */
  readonly checks: Readonly<Record<string, readonly [weight: number, script: string]>>;
}

/** A folder of labs with one in it, named `written-mock`: a CKAD mock of 10 minutes that needs no cluster. */
export async function writeLab(questions: readonly WrittenQuestion[]): Promise<string> {
  const labs = await mkdtemp(join(tmpdir(), 'ckx-labs-'));
  const put = async (path: string, text: string) => {
    const file = join(labs, 'written-mock', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const about = {
    id: 'written-mock',
    title: 'A written lab',
    category: 'CKAD',
    type: 'mock',
    description: 'Of a test.',
    difficulty: 'easy',
  };
  const environment = { cluster: 'none' };
  const ids = questions.map(({ id }) => id);
  // JSON is YAML.
  await put('lab.yaml', JSON.stringify({ ...about, durationMinutes: 10, passPercent: 50, environment, questions: ids }));
  for (const { id, domain, hints, checks } of questions) {
    const listed = Object.entries(checks).map(([check, [weight]]) => ({ id: check, description: `Check ${check} of ${id}`, weight }));
    const documentation = ['https://kubernetes.io/docs/home/'];
    await put(`questions/${id}/question.yaml`, JSON.stringify({ title: id, domain, hints, documentation, checks: listed }));
    await put(`questions/${id}/question.md`, `Do ${id}.`);
    await put(`questions/${id}/solution.sh`, `echo ${id} > ~/${id}\n`);
    await put(`questions/${id}/solution.md`, `Because it is **${id}**.`);
    for (const [check, [, script]] of Object.entries(checks)) await put(`questions/${id}/checks/${check}.sh`, `${script}\n`);
  }
  return labs;
}
