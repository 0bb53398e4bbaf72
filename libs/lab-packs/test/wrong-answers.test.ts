import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintPack, loadPack, stagePack } from '../src/index.ts';
import { SpoiledPack, TINY, lines, temporaryFolder } from './packs.ts';

const GREET = 'questions/greet';
const YAML = `${GREET}/question.yaml`;

/** The tiny lab with wrong answers to its first question. */
function withWrong(listed: string, ...scripts: string[]): SpoiledPack {
  const pack = new SpoiledPack(TINY).change(YAML, 'checks:\n', `wrong:\n${listed}\nchecks:\n`);
  for (const script of scripts) pack.write(`${GREET}/wrong/${script}.sh`, 'echo goodbye > greeting.txt\n');
  return pack;
}

const goodbye = '  - { id: says-goodbye, description: It says goodbye, passes: [file-is-short] }';

describe('wrong answers', () => {
  it('are read with what they earn', () => {
    expect(loadPack(withWrong(goodbye, 'says-goodbye').root).questions.map(({ wrong }) => wrong)).toEqual([
      [
        {
          id: 'says-goodbye',
          description: 'It says goodbye',
          passes: ['file-is-short'],
          script: { path: `${GREET}/wrong/says-goodbye.sh` },
        },
      ],
      [],
    ]);
  });

  it.each([
    ['of a check that is not there', goodbye.replace('is-short', 'is-long'), /^error .*question.yaml:\d+:\d+ .*no check “file-is-long”/],
    ['listed twice', `${goodbye}\n${goodbye}`, /^error .*two wrong answers “says-goodbye”/],
    ['without a script', goodbye.replace('says-goodbye', 'says-nothing'), /^warning .*wrong\/says-nothing.sh The script is missing/],
  ])('%s are found', (_, listed, problem) => {
    expect(lines(withWrong(listed, 'says-goodbye').read())).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  it('that nobody lists are found', () => {
    const { pack } = withWrong(goodbye, 'says-goodbye', 'forgotten').read();
    expect(pack && lintPack(pack).map(({ code, file }) => [code, file])).toEqual([['PACK_FORMAT', `${GREET}/wrong/forgotten.sh`]]);
  });

  it('that pass every check are none', () => {
    const { pack } = withWrong(goodbye.replace('[', '[file-greets, '), 'says-goodbye').read();
    expect(pack && lintPack(pack).map(({ level, code }) => [level, code])).toEqual([['error', 'WRONG_ANSWER_EARNS_ALL']]);
  });

  it('and right ones never come to a session, whose copy of the pack can be read without them', async () => {
    const pack = loadPack(withWrong(goodbye, 'says-goodbye').write(`${GREET}/solution.md`, 'Because.').root);
    const folder = join(temporaryFolder(), 'staged');
    await stagePack(pack, folder);
    expect(readdirSync(join(folder, GREET)).sort()).toEqual(['checks', 'question.md', 'question.yaml', 'setup.sh']);
    const staged = loadPack(folder).questions[0];
    expect(staged).toMatchObject({ solution: null, wrong: [] });
    expect(staged?.checks).toEqual(pack.questions[0]?.checks);
    expect(existsSync(join(pack.root, GREET, 'solution.sh'))).toBe(true);
  });
});
