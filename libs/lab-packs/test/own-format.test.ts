import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCkxError } from '@ckx/contracts';
import { describe, expect, it } from 'vitest';
import { loadPack, readPack } from '../src/index.ts';
import { SpoiledPack, TINY, lines, temporaryFolder } from './packs.ts';

const greet = 'questions/greet';

describe("a pack in CKX's own format", () => {
  it('is read as it is written', () => {
    const pack = loadPack(TINY);
    expect(pack).toMatchObject({ format: 'ckx', root: TINY, problems: [] });
    expect(pack.summary).toEqual({
      id: 'tiny-lab',
      title: 'A tiny lab',
      category: 'CKAD',
      type: 'mock',
      description: 'Two questions that need no cluster.',
      difficulty: 'easy',
      durationMinutes: 10,
      passPercent: 50,
      questionCount: 2,
      domains: [{ domain: 'Files', questions: 2 }],
    });
    expect(pack.pin).toEqual({
      id: 'tiny-lab',
      digest: pack.digest,
      category: 'CKAD',
      type: 'mock',
      durationMs: 600_000,
      passPercent: 50,
      needs: { cluster: 'none', nodes: 1, dockerEngine: false, desktop: false, egress: 'none', addons: [] },
      questions: [
        { id: 'greet', title: 'Greet', domain: 'Files', hasSetup: true, setupBeside: true, checkIds: ['file-greets', 'file-is-short'] },
        { id: 'count', title: 'Count', domain: 'Files', hasSetup: false, checkIds: ['counted'] },
      ],
    });
    expect(pack.questions[0]).toEqual({
      view: {
        id: 'greet',
        position: 1,
        title: 'Greet',
        domain: 'Files',
        weight: 3,
        targetMinutes: 2,
        namespace: 'lobby',
        text: 'Working in `lobby`, write `hello` into the file `greeting.txt`.',
      },
      level: 'medium',
      documentation: [],
      hints: [],
      setup: [{ path: `${greet}/setup.sh` }],
      setupSerial: false,
      setupMustSucceed: true,
      checks: [
        {
          id: 'file-greets',
          description: 'The file greets',
          weight: 2,
          timeoutMs: 30_000,
          serial: false,
          script: { path: `${greet}/checks/file-greets.sh` },
          fault: null,
          digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
        {
          id: 'file-is-short',
          description: 'The file has one line',
          weight: 1,
          timeoutMs: 5_000,
          serial: true,
          script: { path: `${greet}/checks/file-is-short.sh` },
          fault: null,
          digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      ],
      solution: { path: `${greet}/solution.sh` },
      solutionText: expect.any(String) as string,
      explanation: null,
      wrong: [],
    });
  });

  it('has a digest of its paths and contents alone', () => {
    const copy = new SpoiledPack(TINY);
    const { digest } = loadPack(TINY);
    copy.write('.DS_Store', 'not part of the pack');
    expect(loadPack(copy.root).digest).toBe(digest);
    copy.write(`${greet}/setup.sh`, 'set -e\nrm -f greeting.txt # in lobby \n');
    expect(loadPack(copy.root).digest).not.toBe(digest);
    copy.write(`${greet}/setup.sh`, 'set -e\nrm -f greeting.txt # in lobby\n').write('notes.txt', '');
    expect(loadPack(copy.root).digest).not.toBe(digest);
  });
});

describe('what a question says beside its checks', () => {
  it('is its hints, and its solution with an explanation', () => {
    const pack = new SpoiledPack(TINY);
    pack.change(`${greet}/question.yaml`, 'checks:', "hints: ['Think.', 'Think of `echo`.']\nchecks:");
    pack.write(`${greet}/solution.md`, '\nBecause **so**.\n');
    const [question] = loadPack(pack.root).questions;
    expect(question).toMatchObject({ hints: ['Think.', 'Think of `echo`.'], explanation: 'Because **so**.' });
    expect(question?.solutionText).toContain('greeting.txt');
    pack.change(`${greet}/question.yaml`, 'Think.', 'x'.repeat(501));
    expect(lines(pack.read()).join()).toContain('hints');
  });
});

it('a setup runs beside those of other questions, unless the question says otherwise', () => {
  const pack = new SpoiledPack(TINY);
  const pinned = () => loadPack(pack.root).pin.questions.map(({ setupBeside }) => setupBeside);
  expect(pinned()).toEqual([true, undefined]);
  pack.change(`${greet}/question.yaml`, 'checks:', 'setupSerial: true\nchecks:');
  expect(pinned()).toEqual([undefined, undefined]);
});

describe('the digest of a check', () => {
  const digests = (pack: SpoiledPack) => loadPack(pack.root).questions.flatMap(({ checks }) => checks.map(({ digest }) => digest));

  it('follows its script and what scripts share, and nothing else', () => {
    const pack = new SpoiledPack(TINY);
    const [greets, short, counted] = digests(pack);
    pack.change('lab.yaml', 'passPercent: 50', 'passPercent: 60');
    pack
      .change(`${greet}/question.yaml`, 'weight: 2', 'weight: 9')
      .write(`${greet}/solution.md`, 'Why.')
      .write(`${greet}/setup.sh`, 'true\n');
    expect(digests(pack)).toEqual([greets, short, counted]);
    pack.write(`${greet}/checks/file-greets.sh`, 'exit 1\n');
    const [changed, ...others] = digests(pack);
    expect(changed).not.toBe(greets);
    expect(others).toEqual([short, counted]);
    pack.write(`${greet}/shared.sh`, 'true\n');
    expect(digests(pack)[1]).not.toBe(short);
    expect(digests(pack)[2]).toBe(counted);
    pack.write('shared.sh', 'true\n');
    expect(digests(pack)[2]).not.toBe(counted);
  });
});

describe('a malformed pack says where and why, and is kept out', () => {
  const cases: Readonly<Record<string, [(pack: SpoiledPack) => void, string]>> = {
    'invalid YAML': [
      (pack) => pack.change('lab.yaml', 'difficulty: easy', 'difficulty: easy: or hard'),
      'error lab.yaml:6:13 This is not valid YAML: Nested mappings are not allowed in compact mappings.',
    ],
    'YAML that explodes': [
      (pack) =>
        pack.write(
          'lab.yaml',
          `a: &a [x]\n${[...'bcdefghi'].map((to, i) => `${to}: &${to} [${`*${'abcdefgh'[i]},`.repeat(20)}]`).join('\n')}`,
        ),
      'error lab.yaml This YAML cannot be used: Excessive alias count indicates a resource exhaustion attack.',
    ],
    'a missing field': [(pack) => pack.change('lab.yaml', 'type: mock\n', ''), 'error lab.yaml:1:1 “type” is missing.'],
    'an unknown field': [(pack) => pack.change('lab.yaml', 'type:', 'tpye: mock\ntype:'), 'error lab.yaml:4:1 “tpye” is not known here.'],
    'a wrong value': [
      (pack) => pack.change('lab.yaml', 'passPercent: 50', 'passPercent: 500'),
      'error lab.yaml:8:1 “passPercent”: Too big: expected number to be <=100',
    ],
    'a field named twice': [
      (pack) => pack.change('lab.yaml', 'type: mock', 'type: mock\ntype: full'),
      'error lab.yaml:5:1 This is not valid YAML: Map keys must be unique.',
    ],
    'a wrong value deep inside': [
      (pack) => pack.change(`${greet}/question.yaml`, 'weight: 1', 'weight: "1"'),
      `error ${greet}/question.yaml:11:5 “checks.1.weight”: Invalid input: expected number, received string`,
    ],
    'a question without checks': [
      (pack) => pack.write(`${greet}/question.yaml`, 'title: Greet\ndomain: Files\nchecks: []\n'),
      `error ${greet}/question.yaml:3:1 “checks”: a question has at least one check`,
    ],
    'a check named twice': [
      (pack) => pack.change(`${greet}/question.yaml`, 'file-is-short', 'file-greets'),
      `error ${greet}/question.yaml:9:5 There are two checks “file-greets” in this question.`,
    ],
    'a check whose id leads elsewhere': [
      (pack) => pack.change(`${greet}/question.yaml`, 'file-is-short', '../../../x'),
      `error ${greet}/question.yaml:9:5 “checks.1.id”: lower-case letters, digits, dots, dashes, underscores; at most 64`,
    ],
    'a question listed twice': [
      (pack) => pack.change('lab.yaml', '- count', '- greet'),
      'error lab.yaml:13:5 The question “greet” is listed twice.',
    ],
    'a draw of more than there is': [
      (pack) => pack.change('lab.yaml', 'questions:', 'draw: { questions: 3 }\nquestions:'),
      'error lab.yaml:11:9 3 questions are drawn of 2.',
    ],
    'a question that is not there': [
      (pack) => pack.change('lab.yaml', '- count', '- other'),
      'error questions/other/question.yaml The file is missing.',
    ],
    'a question without text': [(pack) => pack.remove(`${greet}/question.md`), `error ${greet}/question.md The file is missing.`],
    'an empty text': [(pack) => pack.write(`${greet}/question.md`, '\n'), `error ${greet}/question.md The file is empty.`],
    'a text in another encoding': [
      (pack) => pack.write(`${greet}/question.md`, Buffer.from([0x47, 0xfc])),
      `error ${greet}/question.md The file is not UTF-8 text.`,
    ],
    'a setup with a syntax error': [
      (pack) => pack.write(`${greet}/setup.sh`, 'if true\n'),
      `error ${greet}/setup.sh The script cannot run, so the question cannot be set.`,
    ],
    'a link out of the pack': [
      (pack) => symlinkSync('/etc/passwd', join(pack.root, 'users.txt')),
      'error users.txt The link points to no file of the pack; put the file itself here.',
    ],
    'a link to a folder': [
      (pack) => symlinkSync('questions', join(pack.root, 'again')),
      'error again The link points to no file of the pack; put the file itself here.',
    ],
    'a huge file': [
      (pack) => pack.write('film.mp4', Buffer.alloc(2 * 1024 ** 2)),
      'error film.mp4 The file has 2.0 MiB; a file of a pack has at most 1.0 MiB.',
    ],
    'too many files': [
      (pack) => {
        mkdirSync(join(pack.root, 'many'));
        for (let i = 0; i < 501; i++) writeFileSync(join(pack.root, `many/${i}`), '');
      },
      'error . The pack has more than 500 files: is this folder a lab pack?',
    ],
  };

  it.each(Object.entries(cases))('%s', (_, [spoil, line]) => {
    const copy = new SpoiledPack(TINY);
    spoil(copy);
    const reading = copy.read();
    expect(lines(reading)).toContain(line);
    expect(reading.pack).toBeNull();
  });

  it('a folder that is no pack, or not there', () => {
    const folder = temporaryFolder();
    expect(lines(readPack(folder))).toEqual(['error . This is no lab pack: there is neither a lab.yaml nor an assessment.json.']);
    expect(lines(readPack(join(folder, 'nowhere')))).toEqual(['error . There is no such folder.']);
  });

  it('loadPack throws every fault with its place', () => {
    const copy = new SpoiledPack(TINY).change('lab.yaml', 'type: mock\n', '').change('lab.yaml', 'CKAD', 'CKAP');
    let thrown: unknown;
    try {
      loadPack(copy.root);
    } catch (error) {
      thrown = error;
    }
    expect(isCkxError(thrown) && [thrown.kind, thrown.code, thrown.message]).toEqual([
      'user',
      'LAB_PACK_INVALID',
      expect.stringMatching(/lab\.yaml:3:1: “category”: .*lab\.yaml:1:1: “type” is missing\./),
    ]);
  });
});

describe('a pack with a faulty part is used without it', () => {
  it('a missing script leaves its check without one', () => {
    const reading = new SpoiledPack(TINY).remove(`${greet}/checks/file-greets.sh`).read();
    const place = `${greet}/checks/file-greets.sh`;
    expect(lines(reading)).toEqual([`warning ${place} The script is missing.`]);
    expect(reading.pack?.questions[0]?.checks).toMatchObject([
      { id: 'file-greets', weight: 2, script: null, fault: `${place}: The script is missing.` },
      { id: 'file-is-short', fault: null },
    ]);
  });

  it('a script with a syntax error leaves its check without one, and names the line', () => {
    const reading = new SpoiledPack(TINY).write(`${greet}/checks/file-greets.sh`, 'echo one\nif true; then\n  echo two\nfo\n').read();
    expect(lines(reading)).toEqual([
      `warning ${greet}/checks/file-greets.sh:5 The script has a syntax error: syntax error: unexpected end of file.`,
    ]);
    expect(reading.pack?.questions[0]?.checks[0]?.script).toBeNull();
  });

  it('a byte order mark and Windows line ends do no harm', () => {
    const copy = new SpoiledPack(TINY)
      .change('lab.yaml', 'id: tiny', '\ufeffid: tiny')
      .write(`${greet}/checks/file-greets.sh`, '\ufeffif true; then\r\n  exit 0\r\nfi\r\n')
      .write(`${greet}/question.md`, 'In `lobby`\r\ngreet.\r\n');
    const reading = copy.read();
    expect(lines(reading)).toEqual([`warning ${greet}/checks/file-greets.sh The script has Windows line ends; it is run with Unix ones.`]);
    expect(reading.pack?.questions[0]?.view.text).toBe('In `lobby`\ngreet.');
  });

  it('a question that is not listed is said to be unseen', () => {
    const reading = new SpoiledPack(TINY).change('lab.yaml', '  - count\n', '').read();
    expect(lines(reading)).toEqual(['warning questions/count The question is not listed in lab.yaml, so nobody will see it.']);
  });

  it('a link within the pack is a file of the pack', () => {
    const copy = new SpoiledPack(TINY);
    symlinkSync('lab.yaml', join(copy.root, 'same.yaml'));
    expect(copy.read()).toMatchObject({ problems: [], pack: { summary: { id: 'tiny-lab' } } });
  });
});
