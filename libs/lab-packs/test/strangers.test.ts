/** Packs from strangers: whatever is in them, reading and linting end with reasons, soon, and touch nothing outside. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { isCkxError } from '@ckx/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { drawnPin, lintPack, loadPack, readPack, withUnpacked } from '../src/index.ts';
import { FOREIGN, SpoiledPack, TINY } from './packs.ts';

/** Reads, lints and draws as an upload does; what comes of it is a pack or reasons. */
function use(folder: string): void {
  const { pack, problems } = readPack(folder);
  if (pack === null) expect(problems.some(({ level, message }) => level === 'error' && message !== '')).toBe(true);
  else {
    for (const finding of lintPack(pack)) expect(finding.remedy).not.toBe('');
    expect(drawnPin(pack, 'a seed').questions.length).toBe(pack.summary.questionCount);
  }
  for (const { place } of problems) expect(place).not.toMatch(/^\/|\.\.\//);
}

/** A JSON value with one part, anywhere, replaced by any other value. */
function withAPartReplaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const replaced = withAPartReplaced(Reflect.get(value, key), rest, by);
  return Array.isArray(value) ? value.with(Number(key), replaced) : { ...value, [key]: replaced };
}

const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('../../etc/passwd', '__proto__', 'a\u0000b', '/', 1e308, -1, '\ud800', []));
const garbage = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.json(),
);
const own = ['lab.yaml', 'questions/greet/question.yaml', 'questions/greet/question.md', 'questions/greet/checks/file-greets.sh'];
const foreign = ['assessment.json', 'config.json'];
const FUZZ = { numRuns: 60 };

describe('metadata that is anything', { timeout: 120_000 }, () => {
  it.each([...own.map((file) => [TINY, file] as const), ...foreign.map((file) => [join(FOREIGN, 'ckad/001'), file] as const)])(
    'in %s: %s',
    (original, file) => {
      const pack = new SpoiledPack(original);
      fc.assert(
        fc.property(garbage, (content) => use(pack.write(file, content).root)),
        FUZZ,
      );
    },
  );

  it.each([
    [TINY, 'lab.yaml'] as const,
    [TINY, 'questions/greet/question.yaml'] as const,
    [join(FOREIGN, 'ckad/001'), 'assessment.json'] as const,
  ])('in one part, in %s: %s', (original, file) => {
    const pack = new SpoiledPack(original);
    const good: unknown = parse(readFileSync(join(original, file), 'utf8'));
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }), anything, (path, by) => {
        use(pack.write(file, JSON.stringify(withAPartReplaced(good, path, by))).root);
      }),
      FUZZ,
    );
  });
});

describe('a folder that is too much is not read to its end', { timeout: 120_000 }, () => {
  /** What it says, and how long that took in milliseconds. */
  const said = (pack: SpoiledPack) => {
    const begun = performance.now();
    const { problems } = pack.read();
    return { messages: problems.map(({ message }) => message), tookMs: performance.now() - begun };
  };

  it('100,000 files', () => {
    const pack = new SpoiledPack(TINY);
    mkdirSync(join(pack.root, 'many'));
    for (let index = 0; index < 100_000; index++) writeFileSync(join(pack.root, `many/${index}`), '');
    const { messages, tookMs } = said(pack);
    expect(messages).toContain('The pack has more than 500 files: is this folder a lab pack?');
    expect(tookMs).toBeLessThan(20_000);
  });

  it('folders in folders, links in their thousands', () => {
    const deep = new SpoiledPack(TINY);
    mkdirSync(join(deep.root, ...Array.from({ length: 400 }, () => 'deep')), { recursive: true });
    expect(said(deep).messages).toEqual(['The folders are nested too deeply.']);
    const linked = new SpoiledPack(TINY);
    for (let index = 0; index < 3_000; index++) symlinkSync('/etc/passwd', join(linked.root, `link-${index}`));
    expect(said(linked).messages.length).toBeLessThan(2_100);
  });

  it('more bytes than a pack may have', () => {
    const pack = new SpoiledPack(TINY);
    for (let index = 0; index < 40; index++) pack.write(`film-${index}`, Buffer.alloc(1024 ** 2));
    expect(said(pack).messages).toEqual(['The pack has more than the 16.0 MiB that are allowed.']);
  });
});

it('a name that is no text is refused with a reason', () => {
  const pack = new SpoiledPack(TINY);
  writeFileSync(Buffer.concat([Buffer.from(`${pack.root}/g`), Buffer.from([0xfc]), Buffer.from('.txt')]), 'x');
  expect(pack.read().problems.map(({ message }) => message)).toEqual(['This cannot be read (ENOENT).']);
});

it('binary files are files of a pack, wherever they are no text', () => {
  const binary = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 197) % 256));
  const asset = new SpoiledPack(TINY).write('logo.png', binary);
  expect(lintPack(loadPack(asset.root))).toEqual([]);
  for (const file of own) use(new SpoiledPack(TINY).write(file, binary).root);
});

it('lint takes no time over lines that are made to take it', { timeout: 60_000 }, () => {
  const evil = ['./'.padEnd(500_000, 'a'), `|| echo ${' '.repeat(400_000)}|`].join('\n');
  const names = Array.from({ length: 30_000 }, (_, index) => `\`name-${index}\``).join(' ');
  const asked = Array.from({ length: 20_000 }, (_, index) => `kubectl -n space-${index} get pod p-${index}`).join('\n');
  const pack = new SpoiledPack(TINY)
    .write('questions/greet/checks/file-greets.sh', `${evil}\n`)
    .write('questions/greet/question.md', `\`lobby\` ${names}`);
  pack.write('questions/greet/checks/file-is-short.sh', asked);
  const read = loadPack(pack.root);
  const begun = performance.now();
  lintPack(read);
  expect(performance.now() - begun).toBeLessThan(20_000);
});

it('an archive of anything is refused with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), async (bytes, zipped) => {
      const outcome = await withUnpacked(zipped ? gzipSync(bytes) : bytes, (folder) => use(folder)).catch((error: unknown) => error);
      expect(outcome === undefined || (isCkxError(outcome) && outcome.kind === 'user')).toBe(true);
    }),
    FUZZ,
  );
});
