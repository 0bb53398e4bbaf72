/** Chance that can be had again: everything random in a run follows from its seed. */
import { createHash } from 'node:crypto';

/** From 0 to 1, the same for the same words. */
export function chance(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(words)).digest().readUInt32BE(0) / 2 ** 32;
}

/** From `least` to `most`, the same for the same words. */
export function between(least: number, most: number, ...words: readonly (string | number)[]): number {
  return least + (most - least) * chance(...words);
}

/** Whether the candidate of this session solved what a check looks for: the rule by which the simulated host answers. */
export function isSolved(seed: string, examSessionId: string, script: string): boolean {
  return chance(seed, examSessionId, script) < 0.6;
}
