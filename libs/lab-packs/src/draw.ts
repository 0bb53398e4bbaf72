/** Draws from the questions of a lab that holds more than it asks. Pure: a seed gives the same draw for ever. */
import { createHash } from 'node:crypto';
import type { LabPin } from '@ckx/contracts';
import type { LabPack, PackQuestion } from './pack.ts';

type Drawable = Pick<PackQuestion, 'level'> & { readonly view: Pick<PackQuestion['view'], 'id' | 'domain'> };

/**
 * Draws by systematic sampling: questions lie in a row by domain, within it by level, within it and among each other in an order of the
 * seed's, and every so-manieth is taken from a place of the seed's. So every question comes with the same probability, and of each domain,
 * and of each level of a domain, come as many as its share of the pool says, rounded down or up.
 *
 * @param count how many; at most as many as there are.
 * @returns those drawn, in the order of the pool.
 */
export function drawQuestions<Q extends Drawable>(pool: readonly Q[], count: number, seed: string): readonly Q[] {
  const { length } = pool;
  if (count >= length) return pool;
  const order = (...about: readonly string[]) => digestOf([seed, ...about]);
  const keyed = pool.map((question) => {
    const { id, domain } = question.view;
    const key = [order('domain', domain), order('level', domain, question.level), order('question', id)].join();
    return { question, key };
  });
  const row = keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ question }) => question);
  // Each question is `count` wide on a line; marks stand `length` apart. 12 digits: far more than questions, and exact as a number.
  const first = Number.parseInt(order('start').slice(0, 12), 16) % length;
  const drawn = new Set(Array.from({ length: count }, (_, nth) => row[Math.floor((first + nth * length) / count)]));
  return pool.filter((question) => drawn.has(question));
}

/** What a session of the lab is started with: its own draw, which the pin records, or all questions where the lab draws none. */
export function drawnPin({ pin, questions, draw }: Pick<LabPack, 'pin' | 'questions' | 'draw'>, seed: string): LabPin {
  if (draw === null) return pin;
  const drawn = new Set(drawQuestions(questions, draw, seed).map(({ view }) => view.id));
  return { ...pin, draw: { seed, of: questions.length }, questions: pin.questions.filter(({ id }) => drawn.has(id)) };
}

/**
 * What a drill is started with: a draw from the questions of the chosen domains, stratified like any other, which the pin records.
 *
 * @param domains of the lab; in any order.
 * @param count at most as many as those domains have.
 */
export function drilledPin(
  { pin, questions }: Pick<LabPack, 'pin' | 'questions'>,
  domains: readonly string[],
  count: number,
  seed: string,
): LabPin {
  const pool = questions.filter(({ view }) => domains.includes(view.domain));
  const drawn = new Set(drawQuestions(pool, count, seed).map(({ view }) => view.id));
  const draw = { seed, of: pool.length, domains: domains.toSorted() };
  return { ...pin, draw, questions: pin.questions.filter(({ id }) => drawn.has(id)) };
}

function digestOf(about: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('hex');
}
