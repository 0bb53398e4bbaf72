const LONGEST = 40;

/**
 * A title that a program in the terminal chose, or a name somebody typed, as it may stand in the page: one line of visible letters. What
 * turns the direction of writing, or shows nothing, could make one tab look like another.
 */
export function plainTitle(text: string): string {
  const plain = text
    .slice(0, 1_000)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const letters = Array.from(new Intl.Segmenter('en').segment(plain), ({ segment }) => segment);
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : plain;
}
