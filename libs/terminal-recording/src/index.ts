/** Recordings of terminals, asciicast version 3 (https://docs.asciinema.org/manual/asciicast/v3/). */
export { AsciicastWriter, type Size, type WriterOptions } from './writer.ts';
export { wholeLines, type Asciicast } from './read.ts';
