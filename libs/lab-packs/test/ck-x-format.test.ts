import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPack } from '../src/index.ts';
import { FOREIGN, SpoiledPack, lines } from './packs.ts';

const garden = join(FOREIGN, 'ckad/001');

describe("a pack in CK-X's format", () => {
  it('is read as it is, with its entry in labs.json', () => {
    const pack = loadPack(garden);
    expect(pack.problems).toEqual([]);
    expect(pack.format).toBe('ck-x');
    expect(pack.summary).toEqual({
      id: 'ckad-901',
      title: 'Practice in small',
      category: 'CKAD',
      type: 'mock',
      description: 'Two tasks.',
      difficulty: 'hard',
      durationMinutes: 45,
      passPercent: 66,
      questionCount: 2,
      domains: [{ domain: 'CKAD', questions: 2 }],
    });
    expect(pack.pin.needs).toEqual({ cluster: 'dedicated', nodes: 2, dockerEngine: false, desktop: false, egress: 'none', addons: [] });
    expect(pack.questions[0]?.view).toEqual({
      id: '1',
      position: 1,
      title: 'Configmaps, namespaces',
      domain: 'CKAD',
      weight: 3,
      namespace: 'garden',
      text: 'Plant a ConfigMap `tree` in `garden`.',
    });
    expect(pack.questions[0]?.checks[0]).toEqual({
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      id: '1',
      description: 'The tree stands',
      weight: 2,
      timeoutMs: 60_000,
      serial: true,
      script: { path: 'scripts/validation/q1_s1_tree.sh' },
      fault: null,
    });
    expect(pack.questions[1]?.view.title).toBe('Question 2');
  });

  it('runs only q*_setup.sh: with its question where there is one, with the first otherwise', () => {
    expect(loadPack(garden).questions.map((question) => question.setup.map((script) => script.path))).toEqual([
      ['scripts/setup/q1_setup.sh', 'scripts/setup/q99_setup.sh'],
      ['scripts/setup/q2_setup.sh'],
    ]);
  });

  it('keeps their order: one may build on what another made', () => {
    const { questions } = loadPack(garden).pin;
    expect(questions.map(({ hasSetup, setupBeside }) => [hasSetup, setupBeside])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });

  it('of Docker needs an engine and no cluster', () => {
    expect(loadPack(join(FOREIGN, 'other/001'))).toMatchObject({
      summary: { id: 'docker-901', category: 'DOCKER', durationMinutes: 120 },
      pin: { needs: { cluster: 'none', dockerEngine: true } },
      questions: [{ checks: [{ id: '1', description: 'Check 1' }] }],
    });
  });

  it('does without labs.json', () => {
    expect(new SpoiledPack(garden).read().pack?.summary).toMatchObject({ id: 'ckad-901', title: 'ckad-901', category: 'CKAD' });
  });
});

describe('a malformed pack says where and why', () => {
  const kept: Readonly<Record<string, [(pack: SpoiledPack) => void, string[], number[]]>> = {
    'invalid JSON in config.json': [
      (pack) => pack.write('config.json', '{ "lab": "ckad-901",\n  workerNodes: 1 }'),
      ['error config.json:2:3 This is not valid JSON: Expected double-quoted property name in JSON at position 23 (line 2 column 3).'],
      [],
    ],
    'invalid JSON, where the parser names no position': [
      (pack) => pack.write('assessment.json', '{ "questions": [\n  { "id": 1, "question": nil }\n] }'),
      [expect.stringMatching(/^error assessment\.json:2:27 This is not valid JSON: Unexpected token 'i'/)],
      [],
    ],
    'JSON that ends early': [
      (pack) => pack.write('assessment.json', '{\n  "questions": [\n'),
      ['error assessment.json:3:1 This is not valid JSON: Unexpected end of JSON input.'],
      [],
    ],
    'no assessment.json': [(pack) => pack.remove('assessment.json'), ['error assessment.json The file is missing.'], []],
    'no questions': [
      (pack) => pack.write('assessment.json', '{ "questions": [] }'),
      ['error assessment.json:1:3 “questions”: there is no question'],
      [],
    ],
    'a question without verification': [
      (pack) => pack.change('assessment.json', '"question": "Water it.",\n      "verification"', '"question": "Water it.",\n      "tests"'),
      ['warning assessment.json:20:5 Question 2 has no verification: nothing can be earned with it.'],
      [3, 0],
    ],
    'no verification at all': [
      (pack) => pack.write('assessment.json', '{ "questions": [{ "id": "1", "question": "?" }] }'),
      [
        'warning assessment.json:1:17 Question 1 has no verification: nothing can be earned with it.',
        'error assessment.json No question has a check: there is nothing to grade.',
      ],
      [],
    ],
    'a question without text': [
      (pack) => pack.change('assessment.json', '"question": "Water it.",', ''),
      ['warning assessment.json:20:5 “questions.1.question” is missing.'],
      [3],
    ],
    'a missing script': [
      (pack) => pack.remove('scripts/validation/q2_s1_wet.sh'),
      ['warning scripts/validation/q2_s1_wet.sh The script is missing.'],
      [3, 3],
    ],
    'a script with a syntax error': [
      (pack) => pack.write('scripts/validation/q2_s1_wet.sh', 'if [ 1 ]; then\n'),
      [expect.stringMatching(/^warning scripts\/validation\/q2_s1_wet\.sh:\d The script has a syntax error: .*unexpected end of file.*$/)],
      [3, 3],
    ],
    'a script outside the pack': [
      (pack) => pack.change('assessment.json', 'q2_s1_wet.sh', '../../../../../etc/profile'),
      ['warning assessment.json:25:56 “../../../../../etc/profile” is refused: a script is named by its file name in scripts/validation.'],
      [3, 3],
    ],
    'a weight that is none': [
      (pack) => pack.change('assessment.json', '"weightage": 3', '"weightage": "three"'),
      [
        expect.stringMatching(/^warning assessment\.json:25:\d+ “questions\.1\.verification\.0\.weightage”: /),
        'warning assessment.json:25:9 Without a usable weight the check counts 1.',
      ],
      [3, 1],
    ],
    'a question id used twice': [
      (pack) => pack.change('assessment.json', '"id": "2",\n      "namespace"', '"id": "1",\n      "namespace"'),
      ['warning assessment.json:21:7 A second question “1”: it is called “1-2” here.'],
      [3, 3],
    ],
    'a check id used twice': [
      (pack) => pack.change('assessment.json', '{ "id": "2", "description"', '{ "id": "1", "description"'),
      ['warning assessment.json:9:7 A second check “1”: it is called “1-2” here.'],
      [3, 3],
    ],
    'a byte order mark': [(pack) => pack.change('assessment.json', '{', '\ufeff{'), [], [3, 3]],
  };

  it.each(Object.entries(kept))('%s', (_, [spoil, expected, weights]) => {
    const copy = new SpoiledPack(garden);
    spoil(copy);
    const reading = copy.read();
    expect(lines(reading)).toEqual(expected);
    expect(reading.pack?.questions.map((question) => question.view.weight) ?? []).toEqual(weights);
  });

  it('and a refused or missing script is a fault of its check alone', () => {
    const { pack } = new SpoiledPack(garden).change('assessment.json', 'q2_s1_wet.sh', '../q2.sh').read();
    expect(pack?.questions[1]?.checks).toMatchObject([{ script: null }]);
    expect(pack?.questions[1]?.checks[0]?.fault).toContain('is refused');
    expect(pack?.questions[0]?.checks).toMatchObject([{ fault: null }, { fault: null }]);
  });
});
