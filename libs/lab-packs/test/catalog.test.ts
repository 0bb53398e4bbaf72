import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabId } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { createCatalog, lintPack, loadPack, stagePack } from '../src/index.ts';
import { FOREIGN, SpoiledPack, TINY, lines, temporaryFolder } from './packs.ts';

describe('a catalogue', () => {
  it('takes a pack, a folder of packs and a folder with labs.json', () => {
    const catalog = createCatalog([TINY, dirname(TINY), FOREIGN]);
    expect(catalog.list().map((pack) => pack.summary.id)).toEqual(['ckad-901', 'docker-901', 'tiny-lab']);
    expect(catalog.problems()).toEqual([]);
    expect(catalog.get(LabId.parse('tiny-lab'))?.root).toBe(TINY);
    expect(catalog.get(LabId.parse('nothing'))).toBeUndefined();
  });

  it('leaves a broken pack out, says so, and offers the others', () => {
    const broken = new SpoiledPack(TINY).write('lab.yaml', 'id: [');
    const catalog = createCatalog([broken.root, join(broken.root, 'nowhere'), FOREIGN]);
    expect(catalog.list().map((pack) => pack.summary.id)).toEqual(['ckad-901', 'docker-901']);
    const problems = catalog.problems();
    expect(problems[0]).toMatchObject({ root: broken.root });
    expect(problems[0]?.place).toMatch(/^lab\.yaml:\d+:\d+$/);
    expect(problems.at(-1)).toMatchObject({ root: join(broken.root, 'nowhere'), message: 'There is no such folder.' });
  });

  it('says which entry of labs.json leads nowhere', () => {
    const folder = new SpoiledPack(FOREIGN).change('labs.json', 'exams/other/001', 'exams/other/../../x').remove('other');
    const catalog = createCatalog([folder.root]);
    expect(catalog.list().map((pack) => pack.summary.id)).toEqual(['ckad-901']);
    expect(lines({ problems: catalog.problems() })).toEqual([
      'error labs.json:13:27 There is no folder “assets/exams/other/../../x” here.',
    ]);
    folder.write('labs.json', '{"labs": 3}');
    catalog.reload();
    expect(catalog.list()).toEqual([]);
    expect(catalog.problems()).toHaveLength(1);
  });

  it('keeps the first of two packs with one id', () => {
    const twin = new SpoiledPack(TINY);
    const catalog = createCatalog([TINY, twin.root]);
    expect(catalog.get(LabId.parse('tiny-lab'))?.root).toBe(TINY);
    expect(catalog.problems()).toMatchObject([{ root: twin.root, message: `The lab “tiny-lab” is already defined in ${TINY}.` }]);
  });

  it('sees a change when it reads again', () => {
    const pack = new SpoiledPack(TINY);
    const catalog = createCatalog([pack.root]);
    pack.change('lab.yaml', 'A tiny lab', 'Another lab');
    expect(catalog.list()[0]?.summary.title).toBe('A tiny lab');
    catalog.reload();
    expect(catalog.list()[0]?.summary.title).toBe('Another lab');
  });
});

describe('stagePack', () => {
  it('writes what was pinned, scripts in Unix form', async () => {
    const source = new SpoiledPack(TINY).write('questions/greet/setup.sh', '\ufeffecho a\r\n').write('.git/config', 'hidden');
    const folder = join(temporaryFolder(), 'exam-assets');
    await stagePack(loadPack(source.root), folder);
    expect(readFileSync(join(folder, 'questions/greet/setup.sh'), 'utf8')).toBe('echo a\n');
    expect(readFileSync(join(folder, 'lab.yaml'), 'utf8')).toBe(readFileSync(join(TINY, 'lab.yaml'), 'utf8'));
    expect(existsSync(join(folder, '.git'))).toBe(false);
  });

  it('refuses a pack that was changed after it was read', async () => {
    const source = new SpoiledPack(TINY);
    const pack = loadPack(source.root);
    source.write('questions/greet/checks/file-greets.sh', 'exit 0');
    await expect(stagePack(pack, temporaryFolder())).rejects.toMatchObject({ code: 'LAB_PACK_CHANGED', kind: 'operational' });
  });
});

describe('lintPack', () => {
  it('has nothing to say against a good pack', () => {
    expect(lintPack(loadPack(TINY))).toEqual([]);
  });

  it('names what an author should look at', () => {
    const pack = new SpoiledPack(TINY)
      .remove('questions/count/solution.sh')
      .change('questions/greet/question.yaml', 'targetMinutes: 2', 'targetMinutes: 20')
      .change('questions/greet/question.yaml', 'weight: 1', 'weight: 0')
      .change('questions/greet/question.md', 'Working in `lobby`', 'With `front-desk`')
      .write('questions/count/checks/counted.sh', 'kubectl -n lobby get pod counter && kubectl logs deploy/clock')
      .read().pack;
    expect(pack && lines({ problems: lintPack(pack) })).toEqual([
      "warning . The questions' target times add up to 20 minutes; the lab lasts 10.",
      'warning questions/greet The check “file-is-short” counts nothing.',
      'warning questions/greet/question.md The namespace “lobby” is not named in the text, in backticks.',
      'warning questions/greet/question.md:1 The text names “front-desk”, which neither setup nor a check knows: a slip of the pen?',
      'warning questions/count/solution.sh There is no solution, so that the lab cannot be verified.',
      'warning questions/count/checks/counted.sh:1 The check asks for “lobby”, which neither the text nor the setup names.',
      'warning questions/count/checks/counted.sh:1 The check asks for “counter”, which neither the text nor the setup names.',
      'warning questions/count/checks/counted.sh:1 The check asks for “clock”, which neither the text nor the setup names.',
    ]);
  });

  // Hundreds of scripts, on a machine that other tests use as well.
  it("has nothing to say against the project's own labs", { timeout: 60_000 }, () => {
    const catalog = createCatalog([join(import.meta.dirname, '../../../labs')]);
    expect(catalog.problems()).toEqual([]);
    for (const pack of catalog.list())
      expect({ lab: pack.summary.id, problems: lintPack(pack) }).toEqual({ lab: pack.summary.id, problems: [] });
    expect(catalog.get(LabId.parse('ckad-mock-01'))?.summary).toMatchObject({ questionCount: 5, durationMinutes: 30, type: 'mock' });
  });
});
