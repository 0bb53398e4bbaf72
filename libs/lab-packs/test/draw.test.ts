import { LabPin, QuestionId } from '@ckx/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnPin, drawQuestions, drilledPin, lintPack, loadPack } from '../src/index.ts';
import { SpoiledPack, TINY } from './packs.ts';

const LEVELS = ['easy', 'medium', 'hard'] as const;
const question = (id: string, domain: string, level: (typeof LEVELS)[number]) => ({ view: { id: QuestionId.parse(id), domain }, level });

const pools = fc
  .array(fc.tuple(fc.constantFrom('Build', 'Deploy', 'Network', 'Secure'), fc.constantFrom(...LEVELS)), { minLength: 1, maxLength: 60 })
  .map((kinds) => kinds.map(([domain, level], index) => question(`q${index}`, domain, level)));
const draws = pools.chain((pool) => fc.tuple(fc.constant(pool), fc.integer({ min: 1, max: pool.length }), fc.string()));

describe('a draw', () => {
  it('is as many as asked, each once, in the order of the pool, and the same again from its seed whatever that order', () => {
    fc.assert(
      fc.property(draws, ([pool, count, seed]) => {
        const drawn = drawQuestions(pool, count, seed);
        expect(drawn).toHaveLength(count);
        expect(drawn).toEqual(pool.filter((each) => drawn.includes(each)));
        expect(drawQuestions(pool, count, seed)).toEqual(drawn);
        expect(new Set(drawQuestions(pool.toReversed(), count, seed))).toEqual(new Set(drawn));
      }),
    );
  });

  it('has of each domain, and of each level of a domain, its share, rounded down or up', () => {
    fc.assert(
      fc.property(draws, ([pool, count, seed]) => {
        const drawn = drawQuestions(pool, count, seed);
        const strata = [
          ({ view }: (typeof pool)[number]) => view.domain,
          ({ view, level }: (typeof pool)[number]) => `${view.domain} ${level}`,
        ];
        for (const stratum of strata) {
          for (const name of new Set(pool.map(stratum))) {
            const share = (pool.filter((each) => stratum(each) === name).length * count) / pool.length;
            const seen = drawn.filter((each) => stratum(each) === name).length;
            expect([Math.floor(share), Math.ceil(share)]).toContain(seen);
          }
        }
      }),
    );
  });

  it('gives every question the same chance: over many seeds none is left out or preferred', () => {
    const pool = [...'aaaaaaabbbcd'].map((domain, index) => question(`q${index}`, domain, LEVELS[index % 3] ?? 'easy'));
    const times = new Map(pool.map(({ view }) => [view.id, 0]));
    for (let seed = 0; seed < 3_000; seed++) {
      for (const { view } of drawQuestions(pool, 4, `seed ${seed}`)) times.set(view.id, (times.get(view.id) ?? 0) + 1);
    }
    // A third each: 1000, with a standard deviation of 26.
    for (const count of times.values()) expect(Math.abs(count - 1_000)).toBeLessThan(130);
  });

  it('stays what it was: recorded draws must come again', () => {
    const pool = [...'abcdefghij'].map((id, index) => question(id, index < 6 ? 'Build' : 'Network', LEVELS[index % 3] ?? 'easy'));
    expect(drawQuestions(pool, 4, 'recorded').map(({ view }) => view.id)).toEqual(['a', 'b', 'c', 'i']);
  });
});

describe('the pin of a drill', () => {
  it('has so many questions of the chosen domains, and is the same again from its seed', () => {
    const pack = loadPack(new SpoiledPack(TINY).change('questions/count/question.yaml', 'domain: Files', 'domain: Numbers').root);
    const pin = drilledPin(pack, ['Numbers'], 1, 'seed');
    expect(LabPin.parse(pin)).toEqual({
      ...pack.pin,
      draw: { seed: 'seed', of: 1, domains: ['Numbers'] },
      questions: [expect.objectContaining({ id: 'count' })],
    });
    const either = Array.from({ length: 20 }, (_, seed) => drilledPin(pack, ['Numbers', 'Files'], 1, `seed ${seed}`));
    expect(new Set(either.map(({ questions }) => questions[0]?.id))).toEqual(new Set(['greet', 'count']));
    expect(Array.from({ length: 20 }, (_, seed) => drilledPin(pack, ['Files', 'Numbers'], 1, `seed ${seed}`))).toEqual(either);
  });
});

describe('the pin of a session', () => {
  it('records seed and questions of a lab that draws; of any other it is as before', () => {
    const whole = loadPack(TINY);
    expect(drawnPin(whole, 'any')).toBe(whole.pin);
    const pack = loadPack(new SpoiledPack(TINY).change('lab.yaml', 'questions:', 'draw: { questions: 1 }\nquestions:').root);
    expect([pack.summary.questionCount, pack.pin.questions.length]).toEqual([1, 2]);
    const pins = Array.from({ length: 20 }, (_, seed) => drawnPin(pack, `seed ${seed}`));
    for (const [seed, pin] of pins.entries()) {
      expect(LabPin.parse(pin)).toEqual({ ...pack.pin, draw: { seed: `seed ${seed}`, of: 2 }, questions: [expect.anything()] });
      expect(drawnPin(pack, `seed ${seed}`)).toEqual(pin);
    }
    expect(new Set(pins.map(({ questions }) => questions[0]?.id))).toEqual(new Set(['greet', 'count']));
  });

  it('is not worth the same by chance where weights differ: lint says so', () => {
    const spoiled = new SpoiledPack(TINY).change('lab.yaml', 'questions:', 'draw: { questions: 1 }\nquestions:');
    expect(lintPack(loadPack(spoiled.root))).toEqual([]);
    expect(
      lintPack(loadPack(spoiled.change('questions/count/question.yaml', 'weight: 3', 'weight: 30').root)).map(({ code }) => code),
    ).toEqual(['DRAW_UNEVEN']);
  });
});
