/**
 * Where a text stops being JSON, as an offset; its end where it only lacks an ending. V8 names the position in some of its messages
 * and not in others, so it is searched for: a text's beginning parses, or lacks an ending, exactly as long as it has no fault.
 */
export function jsonErrorOffset(text: string): number {
  let sound = 0;
  let faulty = text.length + 1;
  while (sound + 1 < faulty) {
    const middle = Math.floor((sound + faulty) / 2);
    if (isBeginning(text.slice(0, middle))) sound = middle;
    else faulty = middle;
  }
  return sound;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return /^Unexpected end|^Unterminated/.test(message) || message.includes(`at position ${text.length} `);
  }
}
